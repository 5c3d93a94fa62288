import { Refusal } from '#kernel/refusal.ts'
import { type Flags, readFlags, required, type SignedIn, signInWith } from '../client/flags.ts'
import { saveCaseFile } from '../client/save-case-file.ts'
import { type Prepared, signPrepared } from '../client/sign-document.ts'
import { readNamedFile, UsageRefusal } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE =
  'officer inbox [--institution I] | file FOLIO --out DIR | decide --folio F --outcome granted|granted-in-part|refused --reasons FILE [--legal-basis TEXT]; each with --server URL --cer F --key F --password-file F'

const OUTCOMES = ['granted', 'granted-in-part', 'refused']

type Subcommand = (signedIn: SignedIn, flags: Flags, name: string | undefined) => Promise<unknown>

const subcommands: Record<string, Subcommand> = {
  inbox: ({ shop }, { institution }) =>
    shop.get(`/api/v1/office/inbox?limit=200${institution ? `&institution=${encodeURIComponent(institution)}` : ''}`),
  file: ({ shop }, { out }, folio) =>
    saveCaseFile(shop, '/api/v1/office/cases', required(folio, USAGE), required(out, USAGE)),
  decide,
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

interface CaseShown {
  folio: string
  status: string
}

/** Takes the case where nobody has, drafts the decision, and signs it where this person may sign; otherwise it waits for who may. */
async function decide({ shop, efirma }: SignedIn, flags: Flags) {
  const folio = required(flags.folio, USAGE)
  const outcome = required(flags.outcome, USAGE)
  if (!OUTCOMES.includes(outcome)) throw new UsageRefusal(USAGE, `--outcome is one of ${OUTCOMES.join(', ')}`)
  const reasons = (await readNamedFile(required(flags.reasons, USAGE))).toString('utf8')
  const path = `/api/v1/office/cases/${encodeURIComponent(folio)}`
  const found = await shop.get<CaseShown>(`${path}?purpose=resolver`)
  if (found.status === 'submitted') await shop.post(`${path}/assignment`, {})
  const legalBasis = flags['legal-basis']
  await shop.put(`${path}/decision`, { outcome, reasons, ...(legalBasis && { legalBasis }) })
  const prepared = await shop.post<Prepared>(`${path}/decision/prepare`, {}).catch((error) => {
    if (error instanceof Refusal && error.code === 'not-your-case') return undefined
    throw error
  })
  if (!prepared) return { folio: found.folio, status: 'in-review', signed: false }
  const isDecision = (data: unknown) => (data as { outcome?: string }).outcome === outcome
  const decided = await shop.post<CaseShown>(`${path}/decision/signature`, signPrepared(efirma, prepared, isDecision), {
    key: prepared.preparationId,
  })
  return { folio: decided.folio, status: decided.status, signed: true }
}
