import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import { systemClock } from '#kernel/clock.ts'
import { openKey } from '#modules/seals/index.ts'
import { readKnownSeals } from '#modules/verification/index.ts'
import { loseSeal } from '../../src/keep-seals.ts'
import { dataDir, packDir } from '../reach-database.ts'
import { readOptions, UsageRefusal } from '../read-options.ts'
import { KEY_USAGE, keyOptions, type NamedKey, readKeyFlags } from '../signing/named-key.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE = `seals list [--json]  |  seals add --institution ID (${KEY_USAGE}) [--force] [--json]  |  seals lost SHA-256 [--json]`
const options = {
  ...keyOptions,
  institution: { type: 'string' },
  force: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

/** The seals of this installation: which there are and were, an institution's own, one whose key somebody else may have. */
export async function run(args: string[], { stdout }: CommandIo): Promise<number> {
  const { values, positionals } = readOptions({ args, allowPositionals: true, options }, USAGE)
  const [action, digest, ...more] = positionals
  const folder = join(dataDir(), 'trust')
  if (more.length > 0 || (digest !== undefined) !== (action === 'lost')) throw new UsageRefusal(USAGE)
  if (action === 'add') {
    const file = await addSeal(values)
    stdout.write(values.json ? `${JSON.stringify({ file })}\n` : `${file}: counts from the next start on\n`)
    return 0
  }
  if (action === 'lost') await loseSeal(folder, digest!, systemClock.now())
  else if (action !== 'list') throw new UsageRefusal(USAGE)
  const items = (await readKnownSeals(folder)).map(({ holder, certificate, until, lost }) => ({
    holder,
    sha256: certificate.sha256,
    notAfter: certificate.notAfter.toISOString(),
    until: until?.toISOString() ?? null,
    lost,
  }))
  if (values.json) stdout.write(`${JSON.stringify({ items })}\n`)
  for (const { holder, sha256, notAfter, until, lost } of values.json ? [] : items) {
    const state = lost ? `lost ${until?.slice(0, 10)}` : until ? `until ${until.slice(0, 10)}` : 'in use'
    stdout.write(`${sha256}  ${holder.padEnd(12)}  ${state.padEnd(16)}  ends ${notAfter.slice(0, 10)}\n`)
  }
  return 0
}

interface Added extends NamedKey {
  institution?: string
  force?: boolean
}

/** Opens the key first: what would keep the server from starting is not written. @returns the file */
async function addSeal(values: Added): Promise<string> {
  const { institution, force } = values
  const key = await readKeyFlags(values, USAGE)
  if (!institution || !key) throw new UsageRefusal(USAGE)
  if (!/^[a-z0-9-]+$/.test(institution) || !existsSync(join(packDir(), 'institutions', `${institution}.yaml`)))
    throw new UsageRefusal(USAGE, `There is no institution ${institution}`)
  const folder = join(dataDir(), 'seals')
  const file = join(folder, `${institution}.yaml`)
  if (existsSync(file) && !force) throw new UsageRefusal(USAGE, `${file} is there already: add --force to replace it`)
  const { certificate, close } = await openKey(key.source, key.called)
  await close()
  if (certificate.notAfter < systemClock.now()) throw new UsageRefusal(USAGE, 'The certificate has ended')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const part = `${file}.part`
  try {
    await writeFile(part, stringify({ institution, ...placeOf(values) }), { mode: 0o600 })
    await rename(part, file)
  } finally {
    await rm(part, { force: true })
  }
  return file
}

/** Passwords and PINs stay in their own files. */
function placeOf(values: NamedKey) {
  const at = (path: string | undefined) => path && resolve(path)
  if (values.p12) return { p12: { file: at(values.p12), passwordFile: at(values['password-file']) } }
  const { 'pkcs11-token': token, 'pkcs11-key': key, certificate } = values
  return {
    pkcs11: {
      module: at(values['pkcs11-module']),
      token,
      key,
      pinFile: at(values['pin-file']),
      ...(certificate && { certificate: at(certificate) }),
    },
  }
}
