import { randomBytes } from 'node:crypto'
import { base64url, sha256 } from '#kernel/bytes.ts'
import { canonicalJson, parseCanonicalJson } from '#trust/canonical-json.ts'

/** What an act tells the log. Only `act`, `at`, `institution` and `service` become public, so none of them may name a person. */
export interface Act {
  /** `noun.participle`: `case.submitted`, `role.granted`. */
  act: string
  /** The act's own time, by the shop's clock. */
  at: Date
  /** Identifiers of the catalogue; a platform's act names none. */
  institution?: string
  service?: string
  /** The act with the digests of its documents: plain data, written as canonical JSON. It stays here and in the person's receipt. */
  record: unknown
}

/** An entry as anyone can read it (docs/formats/log.md). */
export interface Entry {
  v: 1
  act: string
  at: string
  institution?: string
  service?: string
  /** base64url of SHA-256(salt ‖ SHA-256(record)). */
  commitment: string
}

const LARGEST_ENTRY = 1024
const SALT_BYTES = 32

const ACT = /^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)+$/
// Lower case only: an RFC or CURP that strays here does not fit.
const IDENTIFIER = /^[a-z0-9]+([.-][a-z0-9]+)*$/
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const COMMITMENT = /^[\w-]{43}$/
const FIELDS = new Set(['v', 'act', 'at', 'institution', 'service', 'commitment'])

export interface SealedAct {
  bytes: Buffer
  salt: Buffer
  /** Canonical JSON. */
  record: string
  commitment: string
}

/** The entry for an act, with a fresh salt. Throws RangeError for an act that the format does not allow: a fault of its caller. */
export function sealAct({ act, at, institution, service, record }: Act): SealedAct {
  const salt = randomBytes(SALT_BYTES)
  const text = canonicalJson(record)
  const commitment = commitTo(salt, text)
  const entry = {
    v: 1,
    act,
    at: at.toISOString(),
    ...(institution && { institution }),
    ...(service && { service }),
    commitment,
  }
  const bytes = Buffer.from(canonicalJson(entry))
  if (!readEntry(bytes))
    throw new RangeError(`the log takes no such act: ${ACT.test(act) ? act : 'its name is malformed'}`)
  return { bytes, salt, record: text, commitment }
}

/** SHA-256(salt ‖ SHA-256(record)), base64url. Without the salt a record cannot be guessed from it. */
export function commitTo(salt: Uint8Array, record: string): string {
  return base64url(sha256(salt, sha256(record)))
}

/** The entry in these bytes, if they are one to the last byte; the log holds nothing else. */
export function readEntry(bytes: Uint8Array): Entry | undefined {
  if (bytes.byteLength > LARGEST_ENTRY) return undefined
  const value = parseCanonicalJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString())?.value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entry = value as Record<string, unknown>
  const sound =
    Object.keys(entry).every((name) => FIELDS.has(name)) &&
    entry.v === 1 &&
    matches(ACT, entry.act) &&
    isInstant(entry.at) &&
    (entry.institution === undefined || entry.institution === '*' || matches(IDENTIFIER, entry.institution)) &&
    (entry.service === undefined || matches(IDENTIFIER, entry.service)) &&
    matches(COMMITMENT, entry.commitment)
  return sound ? (value as Entry) : undefined
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && value.length <= 100 && pattern.test(value)
}

function isInstant(value: unknown): boolean {
  if (typeof value !== 'string' || !INSTANT.test(value)) return false
  const instant = new Date(value)
  return !Number.isNaN(instant.getTime()) && instant.toISOString() === value
}
