import type { GeneralName } from '#trust/certificate/general-name.ts'
import { attributeValues, type Name } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { TAG } from '#trust/der/tags.ts'

/** What the authorities so far allow: a name must lie within every set of its kind, and outside all that is excluded. */
export interface NameLimits {
  permitted: GeneralName[][]
  excluded: GeneralName[]
}

export const NO_LIMITS: NameLimits = { permitted: [], excluded: [] }

// More comparisons than any honest chain needs; beyond, the chain is refused rather than the server kept busy.
const MOST_COMPARISONS = 250_000

/** Characters. A longer one is compared with nothing: thousands of comparisons would go through it again and again. */
const LONGEST_NAME = 4096

/** The limits for what comes under `authority` (RFC 5280, 6.1.4 g). */
export function narrowNames(limits: NameLimits, { nameConstraints }: Certificate): NameLimits {
  if (!nameConstraints) return limits
  const { permitted, excluded } = nameConstraints
  return {
    permitted: permitted.length > 0 ? [...limits.permitted, permitted] : limits.permitted,
    excluded: [...limits.excluded, ...excluded],
  }
}

/** The first name of the certificate that is not allowed, in words; undefined where all are (RFC 5280, 6.1.3 b, c). */
export function findForbiddenName(limits: NameLimits, certificate: Certificate): string | undefined {
  if (limits.permitted.length + limits.excluded.length === 0) return undefined
  const names = namesOf(certificate)
  const constraints = limits.permitted.reduce((sum, set) => sum + set.length, limits.excluded.length)
  if (names.length * constraints > MOST_COMPARISONS) return 'more names and constraints than can be compared'
  for (const name of names) {
    for (const set of limits.permitted) {
      const ofKind = set.filter((base) => base.kind === name.kind)
      if (ofKind.length > 0 && !ofKind.some((base) => isWithin(name, base) === true))
        return `a name of kind ${name.kind} outside what is permitted`
    }
    for (const base of limits.excluded) {
      // A kind that cannot be compared counts as excluded.
      if (base.kind === name.kind && touches(name, base) !== false) return `an excluded name of kind ${name.kind}`
    }
  }
  return undefined
}

/** Subject, alternative names, and the e-mail addresses of the subject (RFC 5280, 4.2.1.10). */
function namesOf({ subject, subjectAltNames = [] }: Certificate): GeneralName[] {
  const names = subjectAltNames.map(plainMailbox)
  if (subject.rdnKeys.length > 0) names.push({ kind: 'directory', name: subject })
  for (const text of attributeValues(subject, OID.emailAddress)) names.push({ kind: 'email', text })
  return names
}

/** An internationalised mailbox keeps to the constraints on e-mail addresses (RFC 9598, 6). */
function plainMailbox(name: GeneralName): GeneralName {
  if (name.kind !== 'other' || name.oid !== OID.smtpUtf8Mailbox || name.value.tag !== TAG.utf8String) return name
  return { kind: 'email', text: name.value.content.toString('utf8') }
}

/** Whether an excluded tree and a name have anything in common: a wildcard may stand for an excluded host. */
function touches(name: GeneralName, base: GeneralName): boolean | undefined {
  if (name.kind !== 'dns' || base.kind !== 'dns' || name.text.length > LONGEST_NAME || !name.text.startsWith('*.'))
    return isWithin(name, base)
  const parent = name.text.slice(2)
  if (!isHost(parent)) return undefined
  return isSubdomain(parent, base.text) || isSubdomain(base.text, parent)
}

/** Undefined where names of this kind cannot be compared. */
function isWithin(name: GeneralName, base: GeneralName): boolean | undefined {
  if ('text' in name && name.text.length > LONGEST_NAME) return undefined
  if (name.kind === 'dns' && base.kind === 'dns')
    return isHost(name.text.replace(/^\*\./, '')) ? isSubdomain(name.text, base.text) : undefined
  if (name.kind === 'email' && base.kind === 'email') return isMailWithin(name.text, base.text)
  if (name.kind === 'uri' && base.kind === 'uri') return isUriWithin(name.text, base.text)
  if (name.kind === 'directory' && base.kind === 'directory') return isUnder(name.name, base.name)
  if (name.kind === 'ip' && base.kind === 'ip') return isAddressWithin(name.bytes, base.bytes)
  return undefined
}

// The dot of the root at the end changes nothing.
const plainHost = (host: string): string => host.toLowerCase().replace(/\.$/, '')

const HOST = /^(?=.{1,253}\.?$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?$/i

/** What is no host name can be read in more than one way, and so is compared with none. */
const isHost = (text: string): boolean => HOST.test(text)

/** Zero or more labels added on the left; the empty constraint holds everything. */
function isSubdomain(host: string, base: string): boolean {
  const [name, tree] = [plainHost(host), plainHost(base)]
  return tree === '' || name === tree || name.endsWith(`.${tree}`)
}

/** A host exactly, or with a leading dot what lies under it; the empty constraint, undefined in RFC 5280, holds everything. */
function isHostWithin(host: string, base: string): boolean {
  const [name, tree] = [plainHost(host), plainHost(base)]
  if (tree === '') return true
  return tree.startsWith('.') ? name.endsWith(tree) && name.length > tree.length : name === tree
}

/** A mailbox, all of a host, or all under a domain. Undefined where the address is none. */
function isMailWithin(address: string, base: string): boolean | undefined {
  const at = address.lastIndexOf('@')
  const host = address.slice(at + 1)
  if (at < 1 || !isHost(host)) return undefined
  const baseAt = base.lastIndexOf('@')
  if (baseAt >= 0 && address.slice(0, at) !== base.slice(0, baseAt)) return false
  return isHostWithin(host, base.slice(baseAt + 1))
}

/** Undefined where the URI has no host name to compare: it is then neither permitted nor safe from exclusion. */
function isUriWithin(uri: string, base: string): boolean | undefined {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@\\]*@)?([^/?#:@[\]\\]+)(?::\d*)?(?:[/?#]|$)/i.exec(uri)
  const host = authority?.[1]
  if (host === undefined || !isHost(host) || /^[\d.]+$/.test(host)) return undefined
  return isHostWithin(host, base)
}

const isUnder = (name: Name, base: Name): boolean =>
  base.rdnKeys.length <= name.rdnKeys.length && base.rdnKeys.every((key, i) => key === name.rdnKeys[i])

function isAddressWithin(address: Buffer, base: Buffer): boolean {
  const size = address.length
  if (base.length !== size * 2) return false
  for (let i = 0; i < size; i++) {
    const mask = base[size + i]!
    if ((address[i]! & mask) !== (base[i]! & mask)) return false
  }
  return true
}
