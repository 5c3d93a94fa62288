import { attributeValue } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'

/** What a certificate of the tax service says about its holder. Said by the certificate only: whose word it is, the path tells. */
export interface Efirma {
  /** `seal` is a CSD, for invoices; `other` neither. Only the first two may sign in. */
  kind: 'person' | 'company' | 'seal' | 'other'
  /** Of the human: the holder, or the one who represents the company. Check digits are not judged. */
  rfc: string | null
  curp: string | null
  /** The certificate's own: the person's, or the company's. */
  name: string
  company: { rfc: string; name: string } | null
  /** Of a company. Its certificate does not say their name. */
  representative: { rfc: string | null; curp: string | null; name: null } | null
  /** Often an accountant's: never used unasked. */
  email: string | null
  /** 20 digits, or hexadecimal where it is not made of digits. */
  serial: string
}

const PERSON_RFC = /^[A-ZÑ&]{4}\d{6}[A-Z\d]{3}$/
const COMPANY_RFC = /^[A-ZÑ&]{3}\d{6}[A-Z\d]{3}$/
const CURP = /^[A-ZÑ]{4}\d{6}[HMX][A-Z]{2}[A-ZÑ]{3}[A-Z\d]\d$/
/** Stand for the public and for foreigners: nobody's own. */
const GENERIC = new Set(['XAXX010101000', 'XEXX010101000'])

const EFIRMA_USAGES = ['digitalSignature', 'nonRepudiation', 'dataEncipherment', 'keyAgreement'] as const
const EFIRMA_PURPOSES = [OID.emailProtection, OID.clientAuth]

/** Undefined where the subject names nobody: no RFC and no CURP in the places where the tax service writes them. */
export function readEfirma(certificate: Certificate): Efirma | undefined {
  const { subject } = certificate
  const rfcs = readPair(attributeValue(subject, OID.x500UniqueIdentifier))
  const curps = readPair(attributeValue(subject, OID.serialNumber))
  const name = readName(certificate)
  if (!rfcs || !curps || !name) return undefined
  const common = { name, email: attributeValue(subject, OID.emailAddress) || null, serial: certificate.serialText }
  const usage = usageOf(certificate)
  if (COMPANY_RFC.test(rfcs.own)) {
    const rfc = personRfc(rfcs.other)
    const curp = readCurp(curps.other)
    if (curps.own !== '' || (!rfc && !curp)) return undefined
    const company = { rfc: rfcs.own, name }
    const kind = usage === 'efirma' ? 'company' : usage
    return { kind, rfc, curp, ...common, company, representative: { rfc, curp, name: null } }
  }
  const rfc = personRfc(rfcs.own)
  const curp = readCurp(curps.own)
  const another = [rfcs.other, curps.other].some((value) => value !== '' && value !== rfc && value !== curp)
  if ((!rfc && !curp) || another) return undefined
  return { kind: usage === 'efirma' ? 'person' : usage, rfc, curp, ...common, company: null, representative: null }
}

/** By usages and by the unit's name, both: an e.firma has the four usages, both purposes and no unit. */
function usageOf({ keyUsage, extendedKeyUsage, subject }: Certificate): 'efirma' | 'seal' | 'other' {
  const unit = attributeValue(subject, OID.organizationalUnitName) !== undefined
  const usages = keyUsage !== undefined && EFIRMA_USAGES.every((usage) => keyUsage.has(usage))
  const purposes = extendedKeyUsage !== undefined && EFIRMA_PURPOSES.every((purpose) => extendedKeyUsage.has(purpose))
  if (usages && purposes && !unit) return 'efirma'
  const signs = keyUsage?.has('digitalSignature') === true && keyUsage.has('nonRepudiation')
  return signs && unit && extendedKeyUsage === undefined ? 'seal' : 'other'
}

/** `RFC`, or `company / representative` with the left side empty for a CURP. */
function readPair(value: string | undefined): { own: string; other: string } | undefined {
  const [own = '', other = '', more] = (value ?? '').normalize('NFC').toUpperCase().split('/')
  return more === undefined ? { own: own.trim(), other: other.trim() } : undefined
}

function personRfc(text: string): string | null {
  return PERSON_RFC.test(text) && !GENERIC.has(text) ? text : null
}

function readCurp(text: string): string | null {
  return CURP.test(text) ? text : null
}

function readName({ subject }: Certificate): string | undefined {
  const name = attributeValue(subject, OID.commonName) ?? attributeValue(subject, OID.name)
  return name?.normalize('NFC').replace(/\s+/gu, ' ').trim() || undefined
}
