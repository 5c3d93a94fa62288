import { textOf } from './embedded-files.ts'
import { SigningError } from './errors.ts'
import type { PdfFile } from './file.ts'
import { isName, isString, type PdfDict, type PdfValue } from './values.ts'

/** What the field's maker asks of whoever signs it (ISO 32000-1, 12.7.4.5, table 234; ISO 32000-2, table 237). */
export interface SeedQuestion {
  filter: string
  subFilter: string
  /** As DigestMethod names it: `SHA256`. */
  digestMethod: string
  reason: string | undefined
  certification: number | undefined
  lock: boolean
}

/** Bits of /Ff: what is asked for and not merely proposed. */
const REQUIRED = {
  Filter: 1,
  SubFilter: 2,
  V: 4,
  Reasons: 8,
  LegalAttestation: 16,
  DigestMethod: 64,
  LockDocument: 128,
  AppearanceFilter: 256,
}
/** The newest version of seed values that is understood. */
const VERSION = 3

/**
 * Refuses to sign a field otherwise than its seed values require. A certificate that is asked for is not judged here, so a field
 * that requires one is refused; a time-stamp is not a matter of the field's dictionary, and left to whoever signs.
 * @throws SigningError
 */
export function honourSeedValue(file: PdfFile, seed: PdfDict | undefined, question: SeedQuestion): void {
  if (!seed) return
  const flags = numberOf(file, seed.get('Ff'))
  const requires = (key: keyof typeof REQUIRED) => seed.has(key) && (flags & REQUIRED[key]) !== 0
  const named = (key: string) => listOf(file, seed.get(key))
  const demand = (key: string, met: boolean) => {
    if (!met) throw new SigningError('seed-value', `the field asks for another /${key} than is given`)
  }
  if (requires('Filter')) demand('Filter', named('Filter').includes(question.filter))
  if (requires('SubFilter')) demand('SubFilter', named('SubFilter').includes(question.subFilter))
  if (requires('DigestMethod')) demand('DigestMethod', named('DigestMethod').includes(question.digestMethod))
  if (requires('V')) demand('V', numberOf(file, seed.get('V')) <= VERSION)
  if (requires('Reasons')) demand('Reasons', isReason(named('Reasons'), question.reason))
  if (requires('LegalAttestation')) demand('LegalAttestation', false)
  if (requires('AppearanceFilter')) demand('AppearanceFilter', false)
  if (requires('LockDocument')) demand('LockDocument', question.lock || named('LockDocument')[0] !== 'true')
  demand('MDP', isCertifiedAs(file, seed, question.certification))
  const certificate = file.dict(seed.get('Cert'))
  demand('Cert', certificate === undefined || numberOf(file, certificate.get('Ff')) === 0)
}

/** A point alone, or none at all, stands for no reason. */
function isReason(allowed: string[], reason: string | undefined): boolean {
  if (allowed.length === 0 || (allowed.length === 1 && allowed[0] === '.')) return reason === undefined
  return reason !== undefined && allowed.includes(reason)
}

/** 0 asks for a signature that does not certify. */
function isCertifiedAs(file: PdfFile, seed: PdfDict, certification: number | undefined): boolean {
  const level = file.dict(seed.get('MDP'))?.get('P')
  return level === undefined || numberOf(file, level) === (certification ?? 0)
}

function numberOf(file: PdfFile, value: PdfValue | undefined): number {
  const resolved = file.resolve(value)
  return typeof resolved === 'number' ? resolved : 0
}

const MOST_CHOICES = 100

function listOf(file: PdfFile, value: PdfValue | undefined): string[] {
  const list = file.array(value) ?? [value ?? null]
  return list.slice(0, MOST_CHOICES).flatMap((each) => {
    const one = file.resolve(each)
    if (isName(one)) return [one.name]
    return isString(one) ? [textOf(one)] : []
  })
}
