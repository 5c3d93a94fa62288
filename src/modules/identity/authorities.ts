import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { nameToShow, sameName } from '#trust/certificate/name.ts'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { readFingerprint } from './revocation-sources.ts'

/** How a certificate came into the trust store; also the name of its folder under `DATA_DIR/trust`. */
export type AuthoritySource = 'pinned' | 'unpinned' | 'trust-dir' | 'demo'

export interface Authority {
  certificate: Certificate
  /** Hexadecimal, small letters. */
  sha256: string
  name: string
  /** Signed by itself: trusted because it is here. Anything else must chain to one. */
  anchor: boolean
  source: AuthoritySource | 'given'
}

export type Authorities = readonly Authority[]

export interface TrustPlace {
  dataDir: string
  packDir: string
}

const SOURCES: readonly AuthoritySource[] = ['pinned', 'unpinned', 'trust-dir', 'demo']

/** Everything this installation trusts. With `demo` false the demo's own authority is left out, whatever lies there. */
export async function loadAuthorities({ dataDir, demo }: TrustPlace & { demo: boolean }): Promise<Authority[]> {
  const sources = SOURCES.filter((source) => demo || source !== 'demo')
  const found = await Promise.all(sources.map((source) => readFolder(join(dataDir, 'trust', source), source)))
  return onceEach(found.flat())
}

function onceEach(authorities: Authority[]): Authority[] {
  const seen = new Set<string>()
  return authorities.filter(({ sha256 }) => !seen.has(sha256) && seen.add(sha256))
}

/**
 * A folder that somebody names instead of the installation's own trust: its certificates, and where it is laid out like
 * `DATA_DIR/trust` those of the folders in it too, each with the way it came.
 * @throws StartRefusal for a folder that is not there
 */
export async function readAuthorityFolder(folder: string): Promise<Authority[]> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new StartRefusal(`There is no folder ${folder}.`)
  const inside = await Promise.all(SOURCES.map((source) => readFolder(join(folder, source), source)))
  return onceEach([...(await readFolder(folder, 'given')), ...inside.flat()])
}

/**
 * Keeps an authority's certificate. One whose fingerprint the pack does not pin is refused, unless told so in words.
 * @param place with `dryRun` only says whether it would be kept. @throws StartRefusal with the sentence to show
 */
export async function addAuthority(
  der: Uint8Array,
  place: TrustPlace & { unpinned: boolean; dryRun?: boolean },
): Promise<Authority> {
  const certificate = readOne(der, 'That file')
  const pinned = (await readPins(place.packDir)).has(certificate.sha256)
  if (!pinned && !place.unpinned) {
    throw new StartRefusal(
      `${nameToShow(certificate.subject)} (SHA-256 ${certificate.sha256}) is not pinned by the pack: compare that fingerprint with its owner's, then add it with --unpinned.`,
    )
  }
  const source = pinned ? 'pinned' : 'unpinned'
  return place.dryRun ? describe(certificate, source) : store(place.dataDir, certificate, source)
}

/** The demo's own root and issuer; replaced whenever the demo made new ones. */
export async function trustDemo(dataDir: string, certificates: readonly Buffer[]): Promise<void> {
  await replaceAll(dataDir, certificates.map(parseCertificate), 'demo')
}

/**
 * Takes over the folder that TRUST_DIR names, exactly as it is now, so that programs without that variable (`verify`)
 * trust the same. Without a folder, what an earlier one brought goes.
 * @throws StartRefusal for a file that is no certificate, chains to nothing, or with DEMO=0 is neither pinned nor added in words
 */
export async function mirrorTrustDir(
  place: TrustPlace & { trustDir: string | undefined; demo: boolean },
): Promise<void> {
  if (place.trustDir === undefined) return replaceAll(place.dataDir, [], 'trust-dir')
  const brought = await readFolder(place.trustDir, 'trust-dir')
  if (brought.length === 0) throw new StartRefusal(`TRUST_DIR has no .cer files: ${place.trustDir}`)
  const all = await loadAuthorities({ ...place, demo: place.demo })
  const present = all.filter(({ source }) => source !== 'trust-dir')
  const pins = await readPins(place.packDir)
  for (const authority of brought) {
    const named = pins.has(authority.sha256) || present.some(({ sha256 }) => sha256 === authority.sha256)
    if (!place.demo && !named) {
      throw new StartRefusal(
        `${authority.name} in TRUST_DIR (SHA-256 ${authority.sha256}) is not pinned: add it with bin/ventanilla trust add --unpinned.`,
      )
    }
    if (!authority.anchor && issuersOf(authority.certificate, [...brought, ...present]).length === 0) {
      throw new StartRefusal(`${authority.name} in TRUST_DIR does not chain to a root there or in DATA_DIR/trust.`)
    }
  }
  const certificates = brought.map(({ certificate }) => certificate)
  await replaceAll(place.dataDir, certificates, 'trust-dir')
}

/** Those that may have issued this certificate: the name is theirs. Two can share it: the signature decides. */
export function issuersOf(certificate: Certificate, authorities: Authorities): Authority[] {
  return authorities.filter((each) => sameName(each.certificate.subject, certificate.issuer))
}

async function readFolder(folder: string, source: Authority['source']): Promise<Authority[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(cer|crt|der)$/i.test(name)).sort()
  return Promise.all(
    names.map(async (name) => describe(readOne(await readFile(join(folder, name)), join(folder, name)), source)),
  )
}

function readOne(der: Uint8Array, what: string): Certificate {
  try {
    return parseCertificate(der)
  } catch (cause) {
    throw new StartRefusal(`${what} is not a certificate in DER.`, { cause })
  }
}

export function describe(certificate: Certificate, source: Authority['source']): Authority {
  const anchor = isSelfSigned(certificate)
  return { certificate, sha256: certificate.sha256, name: nameToShow(certificate.subject), anchor, source }
}

/** By its names and key identifiers. The signature itself is not judged: old roots sign with SHA-1, and nobody relies on it. */
function isSelfSigned({ subject, issuer, ski, aki }: Certificate): boolean {
  const sameKey = !ski || !aki?.keyId || ski.equals(aki.keyId)
  return subject.key !== '' && sameName(subject, issuer) && sameKey
}

async function store(dataDir: string, certificate: Certificate, source: AuthoritySource): Promise<Authority> {
  const folder = join(dataDir, 'trust', source)
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${certificate.sha256}.cer`)
  // A draft of its own: two who add the same at once do not write into each other's, and a crash leaves no half.
  const draft = `${path}.${randomUUID()}.draft`
  await writeFile(draft, certificate.der, { flush: true })
  await rename(draft, path)
  return describe(certificate, source)
}

/** Afterwards the folder holds these and no others; what stays is never gone in between. */
async function replaceAll(dataDir: string, certificates: Certificate[], source: AuthoritySource): Promise<void> {
  for (const certificate of certificates) await store(dataDir, certificate, source)
  const folder = join(dataDir, 'trust', source)
  const kept = new Set(certificates.map(({ sha256 }) => `${sha256}.cer`))
  const extra = (await readdir(folder).catch(() => [])).filter((name) => !kept.has(name))
  for (const name of extra) await rm(join(folder, name))
}

async function readPins(packDir: string): Promise<Set<string>> {
  const file = join(packDir, 'trust', 'pins.yaml')
  const content: { pins?: Array<{ sha256?: unknown }> } | null = parse(await readFile(file, 'utf8'))
  const pins = (content?.pins ?? []).map(({ sha256 }) => readFingerprint(sha256))
  if (pins.some((pin) => pin === undefined)) throw new StartRefusal(`${file}: every pin needs sha256, 64 hex digits.`)
  return new Set(pins.filter((pin) => pin !== undefined))
}
