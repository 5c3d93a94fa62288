import { nameToShow } from '#trust/certificate/name.ts'
import { readEfirma } from '#trust/efirma/read-efirma.ts'
import type { PdfSignature } from '#trust/pdf/verify-report.ts'
import type { FileReport, SignatureReport } from '#trust/validation/file-report.ts'
import type { Finding } from './explanation.ts'
import { findLoose } from './find-loose.ts'
import { bearsNameOfSeal, PLATFORM, sealInUse } from './known-seals.ts'
import type { TrustedHere } from './trusted-here.ts'

/** What the signatures say to people of here: whose they are, and what the rules of the house add to those of the format. */
export function tellFindings(report: FileReport, trusted: TrustedHere, isOurs: boolean): Finding[] {
  const pdf = report.file.pdf?.signatures
  const judged = report.signatures.map((signature, i) => {
    const finding = tellOne(signature, trusted)
    const loose = isOurs && pdf ? findLoose(pdf[i] as PdfSignature, trusted.authorities) : []
    return suspectedFor(finding, loose)
  })
  return endsInSignature(report, isOurs) ? judged : judged.map(asAddedTo)
}

function tellOne(report: SignatureReport, { seals, authorities }: TrustedHere): Finding {
  const { found, signer, proofs, anchor } = report
  const { facts, kind } = found
  const stamped = found.kind === 'time-stamp' ? (report.trusted ? facts.claimedTime : undefined) : stampOf(proofs)
  const seal = signer && sealInUse(signer, seals, { proven: stamped, claimed: facts.claimedTime })
  const efirma = signer && !seal ? readEfirma(signer) : undefined
  const isNobodys = signer !== undefined && !efirma && !seal
  const named = anchor && authorities.find(({ sha256 }) => sha256 === anchor.certificate.sha256)
  return {
    kind: kind === 'time-stamp' ? 'timestamp' : seal || isNobodys ? 'seal' : 'signature',
    ofPlatform: seal?.holder === PLATFORM || (isNobodys && bearsNameOfSeal(signer, seals)),
    ofInstitution: seal && seal.holder !== PLATFORM ? seal.holder : undefined,
    sound: report.sound,
    indication: report.indication,
    subIndication: report.subIndication,
    level: found.level,
    name: efirma?.name ?? (signer && nameToShow(signer.subject)),
    forCompany: efirma?.company?.name,
    claimedTime: facts.claimedTime,
    timestamp: stamped,
    coversWholeFile: found.coversWholeFile,
    modifications: found.modifications,
    modificationReasons: found.modificationReasons,
    anchor: anchor && {
      name: named?.name ?? nameToShow(anchor.certificate.subject),
      demo: anchor.demo || named?.source === 'demo',
    },
    reason: report.reason,
  }
}

const stampOf = (proofs: SignatureReport['proofs']): Date | undefined =>
  proofs.find(({ by }) => by === 'time-stamp')?.time

/**
 * Nobody adds to an official document without signing what they add: what follows the last signature is a change, whatever
 * it is, also where the rules of PDF call it harmless. To others' documents validation data may be added (docs/decisions/018).
 */
export function endsInSignature({ file, signatures }: FileReport, isOurs: boolean): boolean {
  const isFollowedByEvidence = file.pdf?.signatures.at(-1)?.onlyEvidenceFollows ?? false
  return (!isOurs && isFollowedByEvidence) || signatures.some(({ found }) => found.coversWholeFile)
}

const asAddedTo = (finding: Finding): Finding =>
  finding.modifications === 'allowed'
    ? suspectedFor({ ...finding, modificationReasons: [] }, ['Something was added after the last signature.'])
    : finding

/** Of a seal that another's signature follows: whoever reads the list of good signatures has to see which of them is one too many. */
export const asSignedAfter = (finding: Finding): Finding =>
  (finding.ofPlatform || finding.ofInstitution !== undefined) && finding.modifications === 'allowed'
    ? suspectedFor({ ...finding, modificationReasons: [] }, ['Somebody else signed after the seal.'])
    : finding

function suspectedFor(finding: Finding, reasons: string[]): Finding {
  if (reasons.length === 0) return finding
  return {
    ...finding,
    modifications: 'suspicious',
    modificationReasons: [...finding.modificationReasons, ...reasons],
  }
}
