import type { GeneralName } from '#trust/certificate/general-name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'

export type Role = 'anchor' | 'authority' | 'end'

const LONGEST_SERIAL = 20

/**
 * What RFC 5280 (section 4) asks of those who issue certificates and not of those who validate them (section 6): the first
 * fault in words, undefined where there is none. Judged only under the strict profile: honoured hierarchies, the tax
 * service's among them, fall short of it in places.
 */
export function findProfileFault(certificate: Certificate, role: Role): string | undefined {
  return (
    findCommonFault(certificate, role) ?? (role === 'end' ? findEndFault(certificate) : findAuthorityFault(certificate))
  )
}

function findCommonFault(certificate: Certificate, role: Role): string | undefined {
  const { serial, issuer, subject, aki, notBefore, notAfter } = certificate
  if (serial.length > LONGEST_SERIAL || serial[0]! >= 0x80 || serial.every((byte) => byte === 0))
    return 'its serial number is not a positive number of at most 20 bytes'
  if (issuer.rdnKeys.length === 0) return 'it does not name its issuer'
  if (certificate.unusualForms.length > 0) return certificate.unusualForms[0]
  if (certificate.subjectAltNames?.some(isMalformed)) return 'one of its alternative names is none of its kind'
  if (notBefore.getTime() > notAfter.getTime()) return 'it ends before it begins'
  const isRoot = role === 'anchor' && issuer.key === subject.key
  if (isRoot ? aki && !aki.keyId : !aki?.keyId) return "it does not identify its issuer's key"
  for (const oid of [OID.nameConstraints, OID.policyConstraints, OID.inhibitAnyPolicy]) {
    if (certificate.extensions.get(oid)?.critical === false) return 'a constraint that must be critical is not'
  }
  return undefined
}

const HOST = /^(?=.{1,253}$)[^\s.]{1,63}(\.[^\s.]{1,63})*\.?$/

/** RFC 5280, 4.2.1.6: a host name in preferred syntax, a mailbox, a URI with its scheme. */
function isMalformed(name: GeneralName): boolean {
  switch (name.kind) {
    case 'dns':
      return !HOST.test(name.text)
    case 'email':
      return !/^[^\s@]+@[^\s@]+$/.test(name.text)
    case 'uri':
      return !/^[a-z][a-z0-9+.-]*:./i.test(name.text)
    case 'directory':
      return name.name.rdnKeys.length === 0
    default:
      return false
  }
}

function findAuthorityFault({ version, subject, extensions, ski, keyUsage }: Certificate): string | undefined {
  if (version !== 3) return 'it is of a version without extensions'
  if (subject.rdnKeys.length === 0) return 'it is an authority without a name'
  if (extensions.get(OID.basicConstraints)?.critical !== true)
    return 'its basic constraints are missing or not critical'
  if (!ski) return 'it does not identify its own key'
  if (!keyUsage) return 'it does not say what its key may be used for'
  return undefined
}

function findEndFault(certificate: Certificate): string | undefined {
  const { subject, extensions, keyUsage, basicConstraints } = certificate
  if (subject.rdnKeys.length === 0 && extensions.get(OID.subjectAltName)?.critical !== true) return 'it names nobody'
  if (basicConstraints?.ca) return undefined
  if (extensions.has(OID.nameConstraints)) return 'it constrains names without being an authority'
  if (keyUsage?.has('keyCertSign')) return 'its key may sign certificates without being an authority'
  return undefined
}
