import { OID } from '#trust/der/oids.ts'
import { context, contextPrimitive, DerError, type DerValue, readDer, TAG } from '#trust/der/read.ts'
import { type DistributionPoint, parseDistributionPoints } from './distribution-points.ts'
import { type GeneralName, parseGeneralName, parseGeneralNames } from './general-name.ts'
import { namedBits } from './named-bits.ts'

export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly'

const KEY_USAGES: KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

export interface BasicConstraints {
  ca: boolean
  pathLen?: number
}

export interface AuthorityKeyIdentifier {
  keyId?: Buffer
  issuer?: GeneralName[]
  serial?: Buffer
}

export interface NameConstraints {
  permitted: GeneralName[]
  excluded: GeneralName[]
}

export interface PolicyConstraints {
  requireExplicitPolicy?: number
  inhibitPolicyMapping?: number
}

export interface PolicyMapping {
  issuer: string
  subject: string
}

/** The nine named bits, or as many as there are; at least one is set (RFC 5280, 4.2.1.3). */
function parseKeyUsage(value: DerValue): ReadonlySet<KeyUsage> {
  const set = new Set(namedBits(value, KEY_USAGES))
  if (set.size === 0) throw new DerError('bad-bit-string', value.start)
  return set
}

function parseExtendedKeyUsage(value: DerValue): ReadonlySet<string> {
  const usages = value.items().map((each) => each.oid())
  if (usages.length === 0) throw new DerError('truncated', value.start)
  return new Set(usages)
}

/** Where the default FALSE is written out, as old authorities do, it is read as what it says. */
function parseBasicConstraints(value: DerValue): BasicConstraints {
  const cursor = value.sequence()
  const ca = cursor.optional(TAG.boolean)?.boolean() ?? false
  const pathLen = cursor.optional(TAG.integer)?.smallInteger()
  cursor.done()
  if (pathLen !== undefined && pathLen < 0) throw new DerError('bad-integer', value.start)
  return { ca, pathLen }
}

export function parseAuthorityKeyIdentifier(value: DerValue): AuthorityKeyIdentifier {
  const cursor = value.sequence()
  const keyId = cursor.optional(contextPrimitive(0))?.content
  const names = cursor.optional(context(1))
  const serial = cursor.optional(contextPrimitive(2))?.as(TAG.integer).integer()
  cursor.done()
  return { keyId, issuer: names && parseGeneralNames(names.as(TAG.sequence)), serial }
}

function parseAltNames(value: DerValue): GeneralName[] {
  const names = parseGeneralNames(value)
  for (const name of names) {
    if (name.kind === 'ip' && name.bytes.length !== 4 && name.bytes.length !== 16)
      throw new DerError('bad-string', value.start)
  }
  return names
}

/** Minimum is 0 and maximum absent (RFC 5280, 4.2.1.10); an address is followed by its mask. */
function parseNameConstraints(value: DerValue): NameConstraints {
  const cursor = value.sequence()
  const permitted = parseSubtrees(cursor.optional(context(0)))
  const excluded = parseSubtrees(cursor.optional(context(1)))
  cursor.done()
  if (permitted.length + excluded.length === 0) throw new DerError('truncated', value.start)
  return { permitted, excluded }
}

function parseSubtrees(value: DerValue | undefined): GeneralName[] {
  if (!value) return []
  const subtrees = value.children().map((subtree) => {
    const cursor = subtree.sequence()
    const base = parseGeneralName(cursor.next())
    if (!isSubtree(base)) throw new DerError('bad-string', subtree.start)
    const minimum = cursor.optional(contextPrimitive(0))?.as(TAG.integer).smallInteger() ?? 0
    if (minimum !== 0) throw new DerError('bad-integer', subtree.start)
    cursor.done()
    return base
  })
  if (subtrees.length === 0) throw new DerError('truncated', value.start)
  return subtrees
}

/** A domain without wildcard or dot in front, an address with its mask; of the other kinds whatever can be read. */
function isSubtree(base: GeneralName): boolean {
  if (base.kind === 'ip') return isAddressAndMask(base.bytes)
  if (base.kind === 'dns') return !base.text.startsWith('.') && !base.text.includes('*')
  return true
}

/** 4 + 4 or 16 + 16 bytes, the mask a run of ones and then zeros (RFC 4632). */
function isAddressAndMask(bytes: Buffer): boolean {
  if (bytes.length !== 8 && bytes.length !== 32) return false
  let ended = false
  for (const byte of bytes.subarray(bytes.length / 2)) {
    for (let bit = 0x80; bit > 0; bit >>= 1) {
      const one = (byte & bit) !== 0
      if (one && ended) return false
      if (!one) ended = true
    }
  }
  return true
}

/** The policies, each once (RFC 5280, 4.2.1.4); qualifiers are only checked to be there. */
function parsePolicies(value: DerValue): string[] {
  const policies = value.items().map((item) => {
    const cursor = item.sequence()
    const policy = cursor.next().oid()
    cursor.optional(TAG.sequence)
    cursor.done()
    return policy
  })
  if (policies.length === 0) throw new DerError('truncated', value.start)
  if (new Set(policies).size !== policies.length) throw new DerError('bad-set-order', value.start)
  return policies
}

function parsePolicyMappings(value: DerValue): PolicyMapping[] {
  const mappings = value.items().map((item) => {
    const cursor = item.sequence()
    const mapping = { issuer: cursor.next().oid(), subject: cursor.next().oid() }
    cursor.done()
    return mapping
  })
  if (mappings.length === 0) throw new DerError('truncated', value.start)
  return mappings
}

function parsePolicyConstraints(value: DerValue): PolicyConstraints {
  const cursor = value.sequence()
  const requireExplicitPolicy = skipCount(cursor.optional(contextPrimitive(0))?.as(TAG.integer))
  const inhibitPolicyMapping = skipCount(cursor.optional(contextPrimitive(1))?.as(TAG.integer))
  cursor.done()
  if (requireExplicitPolicy === undefined && inhibitPolicyMapping === undefined)
    throw new DerError('truncated', value.start)
  return { requireExplicitPolicy, inhibitPolicyMapping }
}

/** SkipCerts: a number of certificates, not negative. */
function skipCount(value: DerValue): number
function skipCount(value: DerValue | undefined): number | undefined
function skipCount(value: DerValue | undefined): number | undefined {
  if (!value) return undefined
  const count = value.smallInteger()
  if (count < 0) throw new DerError('bad-integer', value.start)
  return count
}

export interface AccessDescription {
  method: string
  location: GeneralName
}

/** AuthorityInfoAccess: read, shown, never followed. */
function parseInfoAccess(value: DerValue): AccessDescription[] {
  const descriptions = value.items().map((item) => {
    const cursor = item.sequence()
    const description = { method: cursor.next().oid(), location: parseGeneralName(cursor.next()) }
    cursor.done()
    return description
  })
  if (descriptions.length === 0) throw new DerError('truncated', value.start)
  return descriptions
}

/** What the known extensions of a certificate say. */
export interface KnownExtensions {
  keyUsage?: ReadonlySet<KeyUsage>
  extendedKeyUsage?: ReadonlySet<string>
  basicConstraints?: BasicConstraints
  ski?: Buffer
  aki?: AuthorityKeyIdentifier
  subjectAltNames?: GeneralName[]
  nameConstraints?: NameConstraints
  policies?: string[]
  policyMappings?: PolicyMapping[]
  policyConstraints?: PolicyConstraints
  inhibitAnyPolicy?: number
  crlDistributionPoints?: DistributionPoint[]
  infoAccess?: AccessDescription[]
}

/** Reads one extension's value into `known`. False where the extension is not one of ours. Throws DerError. */
export function readKnownExtension(oid: string, bytes: Buffer, known: KnownExtensions): boolean {
  const reader = READERS[oid]
  if (!reader) return false
  reader(readDer(bytes, { maxDepth: 16, maxValues: 20_000 }), known)
  return true
}

const READERS: Record<string, (value: DerValue, known: KnownExtensions) => void> = {
  [OID.keyUsage]: (value, known) => {
    known.keyUsage = parseKeyUsage(value)
  },
  [OID.extKeyUsage]: (value, known) => {
    known.extendedKeyUsage = parseExtendedKeyUsage(value)
  },
  [OID.basicConstraints]: (value, known) => {
    known.basicConstraints = parseBasicConstraints(value)
  },
  [OID.subjectKeyIdentifier]: (value, known) => {
    known.ski = value.octets()
  },
  [OID.authorityKeyIdentifier]: (value, known) => {
    known.aki = parseAuthorityKeyIdentifier(value)
  },
  [OID.subjectAltName]: (value, known) => {
    known.subjectAltNames = parseAltNames(value)
  },
  [OID.issuerAltName]: (value) => {
    parseAltNames(value)
  },
  [OID.nameConstraints]: (value, known) => {
    known.nameConstraints = parseNameConstraints(value)
  },
  [OID.certificatePolicies]: (value, known) => {
    known.policies = parsePolicies(value)
  },
  [OID.policyMappings]: (value, known) => {
    known.policyMappings = parsePolicyMappings(value)
  },
  [OID.policyConstraints]: (value, known) => {
    known.policyConstraints = parsePolicyConstraints(value)
  },
  [OID.inhibitAnyPolicy]: (value, known) => {
    known.inhibitAnyPolicy = skipCount(value)
  },
  [OID.cRLDistributionPoints]: (value, known) => {
    known.crlDistributionPoints = parseDistributionPoints(value)
  },
  [OID.authorityInfoAccess]: (value, known) => {
    known.infoAccess = parseInfoAccess(value)
  },
}
