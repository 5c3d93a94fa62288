import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '#kernel/clock.ts'
import { openDatabase } from '#kernel/database.ts'
import { openDemoClock } from '#kernel/demo-clock.ts'
import { servingUrl } from '#kernel/serving-role.ts'
import {
  keyFromPkcs8,
  openKey,
  openSeal,
  openUseRecord,
  PLATFORM,
  readInstitutionSeals,
  type SigningKey,
} from '#modules/seals/index.ts'
import { readConfig } from '../../src/config.ts'
import { dataDir, isDemo, reachOwner } from '../reach-database.ts'
import { readOptions, UsageRefusal } from '../read-options.ts'
import { messageDigestOf } from '../signing/message-digest.ts'
import { filesOf, KEY_USAGE, keyOptions, readKeyFlags } from '../signing/named-key.ts'
import { runSigning } from '../signing/run-signing.ts'
import { readOrder, SIGNING_USAGE, signingOptions } from '../signing/signing-flags.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE = `seal FILE… [--institution ID | ${KEY_USAGE}] ${SIGNING_USAGE}`
const options = { ...signingOptions, ...keyOptions, institution: { type: 'string' } } as const

/**
 * Seals with a key of the State: the installation's own or an institution's, as the server finds them, and then on record like any of their
 * uses; or with one that is named here and that no installation knows.
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readOptions({ args, allowPositionals: true, options }, USAGE)
  const order = readOrder(values, positionals, USAGE)
  const named = await readKeyFlags(values, USAGE)
  if (named && values.institution) throw new UsageRefusal(USAGE, '--institution has its own key')
  const openNamed = () => openKey(named!.source, named!.called)
  const open = named ? openNamed : () => openShopSeal(values.institution)
  return runSigning({ order, keyFiles: filesOf(values), openKey: open, json: values.json ?? false }, io)
}

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
  const demoKey = seal ? undefined : await openDemoKey()
  if (demoKey) return demoKey
  if (!seal)
    throw new UsageRefusal(
      USAGE,
      'No seal is named: by SEAL_P12 or SEAL_PKCS11_MODULE as for the server, or by --p12 or --pkcs11-module',
    )
  return openKey(seal, seal.kind === 'pkcs12' ? 'SEAL_P12' : 'SEAL_PKCS11_MODULE')
}

/** What a demo's server seals with, where it made itself a key (docs/operate/keys.md). */
async function openDemoKey(): Promise<SigningKey | undefined> {
  if (!isDemo()) return undefined
  const files = ['keys/seal.key', 'keys/seal.cer', 'ca/authority.cer'].map((name) => join(dataDir(), 'demo', name))
  const read = await Promise.all(files.map((file) => readFile(file).catch(() => undefined)))
  const [key, certificate, authority] = read
  return key && certificate && keyFromPkcs8(key, certificate, authority ? [authority] : [])
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
