import { join, resolve } from 'node:path'
import { systemClock } from '#kernel/clock.ts'
import { openDatabase } from '#kernel/database.ts'
import { openDemoClock } from '#kernel/demo-clock.ts'
import { servingUrl } from '#kernel/serving-role.ts'
import {
  type KeySource,
  openKey,
  openSeal,
  openUseRecord,
  PLATFORM,
  readInstitutionSeals,
  type SigningKey,
} from '#modules/seals/index.ts'
import { readConfig } from '../../src/config.ts'
import { dataDir, isDemo, reachOwner } from '../reach-database.ts'
import { readNamedFile, readOptions, UsageRefusal } from '../read-options.ts'
import { messageDigestOf } from '../signing/message-digest.ts'
import { runSigning } from '../signing/run-signing.ts'
import { readOrder, SIGNING_USAGE, signingOptions } from '../signing/signing-flags.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE = `seal FILE… [--institution ID | --p12 F --password-file F | --pkcs11-module F --pkcs11-token LABEL --pkcs11-key LABEL --pin-file F [--certificate F]] ${SIGNING_USAGE}`
const text = { type: 'string' } as const
const options = {
  ...signingOptions,
  institution: text,
  p12: text,
  'password-file': text,
  'pkcs11-module': text,
  'pkcs11-token': text,
  'pkcs11-key': text,
  'pin-file': text,
  certificate: text,
} as const

/**
 * Seals with a key of the State: the installation's own or an institution's, as the server finds them, and then on record like any of their
 * uses; or with one that is named here and that no installation knows.
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readOptions({ args, allowPositionals: true, options }, USAGE)
  const order = readOrder(values, positionals, USAGE)
  const named = await readNamedKey(values)
  if (named && values.institution) throw new UsageRefusal(USAGE, '--institution has its own key')
  const openNamed = () => openKey(named!.source, named!.called)
  const open = named ? openNamed : () => openShopSeal(values.institution)
  const { p12, certificate } = values
  const keyFiles = [p12, values['password-file'], values['pin-file'], certificate].filter((each) => each !== undefined)
  return runSigning({ order, keyFiles, openKey: open, json: values.json ?? false }, io)
}

type Values = { [Name in keyof typeof options]?: string | boolean }

/** Undefined where no key is named. @throws UsageRefusal for half of one */
async function readNamedKey(values: Values): Promise<{ source: KeySource; called: string } | undefined> {
  const { p12, certificate } = values as Record<string, string | undefined>
  const { 'password-file': passwordFile, 'pin-file': pinFile } = values as Record<string, string | undefined>
  const [module, token, key] = ['module', 'token', 'key'].map(
    (each) => values[`pkcs11-${each}` as 'pkcs11-key'] as string | undefined,
  )
  const ofToken = [module, token, key, pinFile, certificate].some((each) => each !== undefined)
  if (!p12 && !passwordFile && !ofToken) return undefined
  if (p12 && passwordFile && !ofToken) {
    await readNamedFile(p12)
    return { source: { kind: 'pkcs12', file: p12, password: await readSecret(passwordFile) }, called: p12 }
  }
  if (p12 || passwordFile || !module || !token || !key || !pinFile) throw new UsageRefusal(USAGE)
  const certificateFile = certificate ? { certificateFile: resolve(certificate) } : {}
  const place = { module: resolve(module), token, key }
  return { source: { kind: 'pkcs11', place, pin: await readSecret(pinFile), ...certificateFile }, called: module }
}

const readSecret = async (file: string) => (await readNamedFile(file)).toString('utf8').replace(/\r?\n$/, '')

/** A seal of the installation; each use is written down in its database before the key is asked. */
async function openShopSeal(institution: string | undefined): Promise<SigningKey> {
  const key = institution === undefined ? await openPlatformKey() : await openInstitutionKey(institution)
  try {
    return await recorded(key, institution ?? PLATFORM)
  } catch (error) {
    await key.close()
    throw error
  }
}

async function openPlatformKey(): Promise<SigningKey> {
  const { seal } = readConfig(process.env)
  if (!seal)
    throw new UsageRefusal(
      USAGE,
      'No seal is named: by SEAL_P12 or SEAL_PKCS11_MODULE as for the server, or by --p12 or --pkcs11-module',
    )
  return openKey(seal, seal.kind === 'pkcs12' ? 'SEAL_P12' : 'SEAL_PKCS11_MODULE')
}

async function openInstitutionKey(institution: string): Promise<SigningKey> {
  const seals = await readInstitutionSeals(join(dataDir(), 'seals'), () => true)
  const found = seals.find((each) => each.institution === institution)
  if (!found) throw new UsageRefusal(USAGE, `DATA_DIR/seals has no seal of ${institution}`)
  return openKey(found.source, found.file)
}

/** The same key, that writes first. */
async function recorded(key: SigningKey, holder: string): Promise<SigningKey> {
  const source = await reachOwner()
  const { db, close } = openDatabase(await servingUrl(source.url), { max: 1 })
  const demoClock = isDemo() ? await openDemoClock(db, undefined, undefined) : undefined
  const writeUse = openUseRecord({ db, clock: demoClock ?? systemClock, log: { info: () => {} } })
  const seal = openSeal(holder, key, writeUse)
  return {
    ...key,
    sign: (attributes) => seal.sign(attributes, { kind: 'command', digest: messageDigestOf(attributes) }),
    async close() {
      await key.close()
      demoClock?.close()
      await close()
      await source.release()
    },
  }
}
