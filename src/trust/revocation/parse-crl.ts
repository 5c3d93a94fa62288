import { createHash } from 'node:crypto'
import { type AlgorithmIdentifier, parseAlgorithm } from '#trust/certificate/algorithm.ts'
import type { RevocationReason } from '#trust/certificate/distribution-points.ts'
import { type DistributionPoint, parsePointName, parseReasonFlags } from '#trust/certificate/distribution-points.ts'
import { type AuthorityKeyIdentifier, parseAuthorityKeyIdentifier } from '#trust/certificate/extensions.ts'
import { type Name, parseName } from '#trust/certificate/name.ts'
import { type Extension, parseExtension } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import {
  context,
  contextPrimitive,
  type DerCursor,
  DerError,
  type DerValue,
  peekDer,
  readDer,
  TAG,
} from '#trust/der/read.ts'
import { type CrlEntries, type EntryIndex, indexEntries, openEntries } from './crl-entries.ts'
import { RevocationError } from './errors.ts'

export interface IssuingDistributionPoint extends Pick<DistributionPoint, 'names' | 'relative'> {
  onlyUserCerts: boolean
  onlyCaCerts: boolean
  onlyAttributeCerts: boolean
  indirect: boolean
  onlySomeReasons?: ReadonlySet<RevocationReason>
}

export interface Crl {
  der: Buffer
  tbs: Buffer
  issuer: Name
  thisUpdate: Date
  nextUpdate?: Date
  signatureAlgorithm: AlgorithmIdentifier
  signature: Buffer
  extensions: ReadonlyMap<string, Extension>
  /** Two's complement bytes, as they stand. */
  number?: bigint
  /** Of a delta: the number of the complete list it builds on. */
  baseNumber?: bigint
  idp?: IssuingDistributionPoint
  aki?: AuthorityKeyIdentifier
  /** Critical extensions, of the list or of an entry, that are not known here: the list proves nothing (RFC 5280, 5.2). */
  hasUnknownCritical: boolean
  entries: CrlEntries
  readonly sha256: string
}

const LARGEST = 512 * 1024 * 1024

/** One CRL, DER, to the last byte. Throws RevocationError, nothing else. Nothing is verified. */
export function parseCrl(der: Uint8Array): Crl {
  try {
    return readCrl(readDer(der, { maxBytes: LARGEST, maxDepth: 24, maxValues: 50_000_000 }))
  } catch (error) {
    if (error instanceof DerError) throw new RevocationError('not-der', error)
    throw error
  }
}

/** What a thread of its own found out by reading a list, so that others need not. */
export interface CrlIndex {
  entries: EntryIndex
  sha256: string
}

export const indexOf = ({ entries, sha256 }: Crl): CrlIndex => ({ entries: entries.index, sha256 })

/**
 * A list of any size in microseconds, from bytes that `parseCrl` has read into that index before and nobody can have changed since: only its
 * head is read again. Throws RevocationError, nothing else.
 */
export function openCrl(der: Buffer, index: CrlIndex): Crl {
  try {
    return readCrl(peekDer(der), index)
  } catch (error) {
    if (error instanceof DerError) throw new RevocationError('not-der', error)
    throw error
  }
}

function readCrl(whole: DerValue, index?: CrlIndex): Crl {
  const outer = whole.sequence()
  const tbs = outer.next(TAG.sequence)
  const signatureAlgorithm = parseAlgorithm(outer.next())
  const signature = outer.next().wholeBits()
  outer.done()
  const fields = tbs.inside()
  const version = fields.optional(TAG.integer)?.smallInteger()
  if (version !== undefined && version !== 1) throw new RevocationError('unknown-version')
  if (!fields.next(TAG.sequence).bytes.equals(signatureAlgorithm.der)) throw new RevocationError('algorithms-differ')
  const issuer = parseName(fields.next())
  const thisUpdate = fields.next().time()
  const nextUpdate = isTime(fields.peek()) ? fields.next().time() : undefined
  const list = fields.optional(TAG.sequence)
  const entries = index ? openEntries(whole.source, index.entries, issuer) : indexEntries(list, issuer)
  const extensions = readExtensions(fields, version)
  fields.done()
  let sha256 = index?.sha256
  return {
    der: whole.bytes,
    tbs: tbs.bytes,
    issuer,
    thisUpdate,
    nextUpdate,
    signatureAlgorithm,
    signature,
    extensions,
    ...readKnown(extensions),
    hasUnknownCritical: entries.hasUnknownCritical || hasUnknownCritical(extensions),
    entries,
    get sha256() {
      sha256 ??= createHash('sha256').update(whole.bytes).digest('hex')
      return sha256
    },
  }
}

const isTime = (tag: number | undefined): boolean => tag === TAG.utcTime || tag === TAG.generalizedTime

function readExtensions(fields: DerCursor, version: number | undefined): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>()
  const tagged = fields.optional(context(0))
  if (!tagged) return extensions
  if (version !== 1) throw new RevocationError('bad-list')
  for (const item of tagged.explicit().items()) {
    const extension = parseExtension(item)
    if (extensions.has(extension.oid)) throw new RevocationError('bad-list')
    extensions.set(extension.oid, extension)
  }
  return extensions
}

const KNOWN: ReadonlySet<string> = new Set([
  OID.authorityKeyIdentifier,
  OID.issuerAltName,
  OID.cRLNumber,
  OID.deltaCRLIndicator,
  OID.issuingDistributionPoint,
  OID.freshestCRL,
])

function hasUnknownCritical(extensions: ReadonlyMap<string, Extension>): boolean {
  for (const { oid, critical } of extensions.values()) if (critical && !KNOWN.has(oid)) return true
  return false
}

function readKnown(extensions: ReadonlyMap<string, Extension>): Pick<Crl, 'number' | 'baseNumber' | 'idp' | 'aki'> {
  const value = (oid: string): DerValue | undefined => {
    const extension = extensions.get(oid)
    return extension && readDer(extension.value)
  }
  const idp = value(OID.issuingDistributionPoint)
  const aki = value(OID.authorityKeyIdentifier)
  return {
    number: value(OID.cRLNumber)?.bigint(),
    baseNumber: value(OID.deltaCRLIndicator)?.bigint(),
    idp: idp && parseIssuingPoint(idp),
    aki: aki && parseAuthorityKeyIdentifier(aki),
  }
}

/** IssuingDistributionPoint (RFC 5280, 5.2.5): of the three scopes at most one. */
function parseIssuingPoint(value: DerValue): IssuingDistributionPoint {
  const cursor = value.sequence()
  const name = cursor.optional(context(0))
  const flag = (number: number): boolean =>
    cursor.optional(contextPrimitive(number))?.as(TAG.boolean).boolean() ?? false
  const onlyUserCerts = flag(1)
  const onlyCaCerts = flag(2)
  const reasons = cursor.optional(contextPrimitive(3))
  const indirect = flag(4)
  const onlyAttributeCerts = flag(5)
  cursor.done()
  if (Number(onlyUserCerts) + Number(onlyCaCerts) + Number(onlyAttributeCerts) > 1)
    throw new RevocationError('bad-list')
  const onlySomeReasons = reasons && parseReasonFlags(reasons)
  return {
    ...(name && parsePointName(name)),
    onlyUserCerts,
    onlyCaCerts,
    onlyAttributeCerts,
    indirect,
    onlySomeReasons,
  }
}
