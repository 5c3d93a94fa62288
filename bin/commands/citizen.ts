import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { apply } from '../client/apply.ts'
import { type Flags, readFlags, required, type SignedIn, signInWith } from '../client/flags.ts'
import { saveCaseFile } from '../client/save-case-file.ts'
import { type Prepared, signPrepared } from '../client/sign-document.ts'
import { readJsonObject, readNamedFile, UsageRefusal } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE =
  'citizen whoami | apply --service ID (--data F | --example) [--attach FIELD=F]… [--consent] [--email A] --out DIR | status FOLIO | inbox --consult | file FOLIO --out DIR | open ID --out DIR; each with --server URL --cer F --key F --password-file F'

type Subcommand = (signedIn: SignedIn, flags: Flags, name: string | undefined) => Promise<unknown>

const subcommands: Record<string, Subcommand> = {
  whoami: async ({ whoami: { rfc, curp, name, actsFor } }) => ({ rfc, curp, name, actsFor }),
  apply: async (signedIn, flags) => {
    if ((flags.data === undefined) === (flags.example !== true)) throw new UsageRefusal(USAGE)
    return apply(signedIn, {
      service: required(flags.service, USAGE),
      data: flags.data === undefined ? undefined : await readData(flags.data),
      attach: (flags.attach ?? []).map(readAttach),
      consent: flags.consent === true || flags.example === true,
      email: flags.email,
      out: required(flags.out, USAGE),
    })
  },
  status: ({ shop }, _, folio) => shop.get(`/api/v1/cases/${encodeURIComponent(required(folio, USAGE))}`),
  inbox: ({ shop }, { consult }) => shop.get(`/api/v1/notices?limit=200${consult ? '&consult=true' : ''}`),
  file: ({ shop }, { out }, folio) => saveCaseFile(shop, '/api/v1/cases', required(folio, USAGE), required(out, USAGE)),
  open: openNotice,
}

export async function run(args: string[], { stdout }: CommandIo): Promise<number> {
  const { values, positionals } = readFlags(args, USAGE)
  const [name, argument] = positionals
  const subcommand = name === undefined ? undefined : subcommands[name]
  if (!subcommand) throw new UsageRefusal(USAGE)
  const result = await subcommand(await signInWith(values, USAGE), values, argument)
  stdout.write(`${JSON.stringify(result, null, values.json ? undefined : 2)}\n`)
  return 0
}

/** @throws UsageRefusal where the file does not hold one JSON object */
async function readData(file: string): Promise<Record<string, unknown>> {
  const text = (await readNamedFile(file)).toString('utf8')
  try {
    return readJsonObject(text)
  } catch {
    throw new UsageRefusal(`${file} does not hold one JSON object.`)
  }
}

function readAttach(text: string): { field: string; file: string } {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageRefusal(USAGE)
  return { field: text.slice(0, at), file: text.slice(at + 1) }
}

interface NoticeShown {
  id: string
  subject: string
  openedAt: string | null
  events: unknown[]
}

/** Signs the receipt, then writes the act and its evidence. One that was opened before is only written again. */
async function openNotice({ shop, efirma }: SignedIn, flags: Flags, typedId: string | undefined) {
  const id = required(typedId, USAGE)
  const out = required(flags.out, USAGE)
  const path = `/api/v1/notices/${encodeURIComponent(id)}`
  const { openedAt } = await shop.get<NoticeShown>(path)
  if (!openedAt) {
    const prepared = await shop.post<Prepared>(`${path}/prepare`, {})
    const isReceipt = (data: unknown) => (data as { notice?: string }).notice === id
    await shop.post(`${path}/signature`, signPrepared(efirma, prepared, isReceipt))
  }
  const notice = await shop.get<NoticeShown>(path)
  await mkdir(out, { recursive: true })
  const files = { act: join(out, 'acto.pdf'), receipt: join(out, 'acuse-de-apertura.pdf') }
  await writeFile(files.act, await shop.download(`${path}/act`))
  await writeFile(files.receipt, await shop.download(`${path}/receipt`))
  const evidence = join(out, 'evidencia.json')
  await writeFile(evidence, `${JSON.stringify(notice, null, 2)}\n`)
  return { id, subject: notice.subject, openedAt: notice.openedAt, ...files, evidence }
}
