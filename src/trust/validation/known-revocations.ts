import { sameName } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { checkRevocation, type RevocationSources } from '#trust/revocation/check-revocation.ts'
import type { Signers } from '#trust/revocation/report.ts'

export interface KnownRevocation {
  /** When it was revoked, or since when its key was suspect where the authority says so. */
  since: Date
  reason: string | undefined
}

/**
 * Whether anything at hand says that the certificate was revoked at any time: an answer that says so needs no freshness and ends no
 * more. One on hold is for the status of the day: a hold may be taken back.
 */
export function findRevocation(
  certificate: Certificate,
  issuer: Certificate,
  sources: RevocationSources,
  verify?: Signers['verify'],
): KnownRevocation | undefined {
  const found = [...byList(certificate, issuer, sources, verify), ...byAnswer(certificate, issuer, sources, verify)]
  return found.sort((a, b) => a.since.getTime() - b.since.getTime())[0]
}

function byList(
  certificate: Certificate,
  issuer: Certificate,
  { crls }: RevocationSources,
  verify: Signers['verify'] | undefined,
): KnownRevocation[] {
  return crls.flatMap((crl) => {
    if (!sameName(crl.issuer, certificate.issuer)) return []
    const entry = crl.entries.find(certificate.serial, certificate.issuer)
    if (!entry || entry.reason === 'removeFromCRL' || entry.reason === 'certificateHold') return []
    // Each is asked for the time it speaks of, so that none is too old or too new.
    const { status } = checkRevocation(certificate, issuer, { at: crl.thisUpdate, crls: [crl], verify })
    if (status !== 'revoked') return []
    const since = entry.invalidSince && entry.invalidSince < entry.revokedAt ? entry.invalidSince : entry.revokedAt
    return [{ since, reason: entry.reason }]
  })
}

function byAnswer(
  certificate: Certificate,
  issuer: Certificate,
  { ocspResponses }: RevocationSources,
  verify: Signers['verify'] | undefined,
): KnownRevocation[] {
  return ocspResponses.flatMap((response) => {
    const answer = response.answers.find(
      ({ serial, status }) => status === 'revoked' && serial.equals(certificate.serial),
    )
    if (!answer?.revoked || answer.revoked.reason === 'certificateHold') return []
    const report = checkRevocation(certificate, issuer, { at: answer.thisUpdate, ocspResponses: [response], verify })
    if (report.status !== 'revoked' || !report.revokedAt) return []
    return [{ since: report.revokedAt, reason: report.revocationReason }]
  })
}
