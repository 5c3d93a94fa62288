import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readIsoInstant } from '#kernel/clock.ts'
import { sameName } from '#trust/certificate/name.ts'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'

/** A seal that this installation uses, or used. */
export interface KnownSeal {
  /** `platform`, or an institution's id. */
  holder: string
  certificate: Certificate
  /** When it was put out of use: what it sealed until then stands. */
  until: Date | undefined
  /** Somebody else may have the key: only a time that is proven, before its end, says that a document was sealed by its holder. */
  lost: boolean
}

export const PLATFORM = 'platform'

/** `seal.cer`, the platform's of today, and `seals/`: every one since the first, with whose it is and its end. What is broken there is not known. */
export async function readKnownSeals(folder: string): Promise<KnownSeal[]> {
  const known: KnownSeal[] = []
  for (const file of await readdir(join(folder, 'seals')).catch(() => [])) {
    const name = /^(.+)\.json$/.exec(file)?.[1]
    const seal = name && (await readKept(join(folder, 'seals', name)))
    if (seal) known.push(seal)
  }
  const today = await readCertificate(join(folder, 'seal.cer'))
  // What its own file says of it, its loss too, has the last word.
  if (today && !known.some(({ certificate }) => certificate.sha256 === today.sha256))
    known.push({ holder: PLATFORM, certificate: today, until: undefined, lost: false })
  return known
}

async function readKept(path: string): Promise<KnownSeal | undefined> {
  const certificate = await readCertificate(`${path}.cer`)
  const { holder, until, lost } = parseJson(await readFile(`${path}.json`, 'utf8').catch(() => ''))
  const end = until === null ? undefined : readIsoInstant(until)
  if (!certificate || typeof holder !== 'string' || (until !== null && !end)) return undefined
  return { holder, certificate, until: end, lost: lost === true }
}

async function readCertificate(file: string): Promise<Certificate | undefined> {
  try {
    return parseCertificate(await readFile(file))
  } catch {
    return undefined
  }
}

function parseJson(text: string): { holder?: unknown; until?: unknown; lost?: unknown } {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

/**
 * The seal of this certificate, where it was in use at that time.
 * @param proven by a time-stamp
 * @param claimed by the signature itself: enough for a seal that nobody else ever had
 */
export function sealInUse(
  { sha256 }: Certificate,
  seals: readonly KnownSeal[],
  { proven, claimed }: { proven: Date | undefined; claimed: Date | undefined },
): KnownSeal | undefined {
  const known = seals.find(({ certificate }) => certificate.sha256 === sha256)
  if (!known) return undefined
  const at = proven ?? (known.lost ? undefined : claimed)
  if (!known.until) return known.lost ? undefined : known
  return at && at <= known.until ? known : undefined
}

/** The platform's seal that was renewed elsewhere keeps its name; where no seal is known, any that is nobody's e.firma may be it. */
export function bearsNameOfSeal(certificate: Certificate, seals: readonly KnownSeal[]): boolean {
  const own = seals.filter(({ holder }) => holder === PLATFORM)
  if (seals.some((seal) => seal.certificate.sha256 === certificate.sha256)) return false
  return own.length === 0 || own.some((seal) => sameName(certificate.subject, seal.certificate.subject))
}
