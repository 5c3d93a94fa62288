import { ALL_REASONS, type DistributionPoint, type RevocationReason } from '#trust/certificate/distribution-points.ts'
import type { GeneralName } from '#trust/certificate/general-name.ts'
import { type Name, nameKey, parseRdn } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import type { DerValue } from '#trust/der/read.ts'
import type { Crl } from './parse-crl.ts'

// Honest certificates have a handful; what lies beyond only keeps the server busy.
const MOST_POINTS = 64

/**
 * Where the status of a certificate may stand: its distribution points, and then whatever its issuer publishes as a whole, as
 * though the certificate had a point with the issuer's name (RFC 5280, 6.3.3, last paragraph).
 */
export function pointsOf(certificate: Certificate): DistributionPoint[] {
  const rest: DistributionPoint = { names: [{ kind: 'directory', name: certificate.issuer }] }
  return [...(certificate.crlDistributionPoints ?? []).slice(0, MOST_POINTS), rest]
}

/** Whether the list speaks for the certificate at that point (RFC 5280, 6.3.3 b). */
export function isInScope(crl: Crl, point: DistributionPoint, certificate: Certificate): boolean {
  if (!isOfIssuer(crl, point, certificate)) return false
  const { idp } = crl
  if (!idp) return true
  const isCa = certificate.basicConstraints?.ca === true
  if (idp.onlyAttributeCerts || (idp.onlyUserCerts && isCa) || (idp.onlyCaCerts && !isCa)) return false
  const listed = pointNames(idp, [crl.issuer])
  if (!listed) return true
  const asked = pointNames(point, crlIssuers(point, certificate)) ?? keysOf(point.cRLIssuer ?? [])
  const keys = new Set(listed)
  return asked.some((key) => keys.has(key))
}

function isOfIssuer(crl: Crl, point: DistributionPoint, certificate: Certificate): boolean {
  if (!point.cRLIssuer) return crl.issuer.key === certificate.issuer.key
  return crl.idp?.indirect === true && crlIssuers(point, certificate).some(({ key }) => key === crl.issuer.key)
}

function crlIssuers({ cRLIssuer }: DistributionPoint, certificate: Certificate): Name[] {
  if (!cRLIssuer) return [certificate.issuer]
  return cRLIssuer.flatMap((each) => (each.kind === 'directory' ? [each.name] : []))
}

/** The reasons that the list covers at that point (RFC 5280, 6.3.3 d). */
export function reasonsOf(crl: Crl, point: DistributionPoint): RevocationReason[] {
  return ALL_REASONS.filter(
    (each) => crl.idp?.onlySomeReasons?.has(each) !== false && point.reasons?.has(each) !== false,
  )
}

function pointNames(point: { names?: GeneralName[]; relative?: DerValue }, bases: Name[]): string[] | undefined {
  if (point.names) return keysOf(point.names)
  const { relative } = point
  return relative && bases.map(({ rdnKeys }) => `directory ${nameKey([...rdnKeys, parseRdn(relative).key])}`)
}

const keysOf = (names: GeneralName[]): string[] => names.map(keyOf)

function keyOf(name: GeneralName): string {
  switch (name.kind) {
    case 'directory':
      return `directory ${name.name.key}`
    case 'ip':
      return `ip ${name.bytes.toString('hex')}`
    case 'registeredId':
      return `registeredId ${name.oid}`
    case 'other':
      return `other ${name.oid} ${name.value.bytes.toString('hex')}`
    case 'x400':
    case 'edi':
      return `${name.kind} ${name.value.bytes.toString('hex')}`
    default:
      return `${name.kind} ${name.text}`
  }
}

/** Whether `delta` builds on `base`: same issuer, scope and key, and a range of numbers that joins on (RFC 5280, 6.3.3 c). */
export function buildsOn(delta: Crl, base: Crl): boolean {
  if (delta.baseNumber === undefined || delta.number === undefined || base.number === undefined) return false
  return (
    delta.issuer.key === base.issuer.key &&
    sameExtension(delta, base, IDP) &&
    sameExtension(delta, base, AKI) &&
    delta.baseNumber <= base.number &&
    base.number < delta.number
  )
}

const IDP = OID.issuingDistributionPoint
const AKI = OID.authorityKeyIdentifier

function sameExtension(a: Crl, b: Crl, oid: string): boolean {
  const [left, right] = [a.extensions.get(oid)?.value, b.extensions.get(oid)?.value]
  return left && right ? left.equals(right) : left === right
}
