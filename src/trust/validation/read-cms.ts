import { type CadesSignature, cadesFacts } from '#trust/cades/cades-facts.ts'
import type { Beside } from './examine.ts'
import type { FoundSignature, SignedFile } from './signed-file.ts'

/** The signatures of a CMS message, over its own content or over what lies beside it. Never throws for what the bytes are. */
export function readCms(bytes: Buffer, { content }: Beside): SignedFile {
  const report = cadesFacts(bytes, content, { requireSigningCertificate: false })
  const detail = 'the message is not a signed one in DER'
  return {
    format: 'cms',
    bytes,
    error: report.error && { problem: report.error, detail },
    signatures: report.signatures.map(foundInMessage),
    evidence: report.evidence,
    pdf: undefined,
  }
}

/** A message cannot be added to unseen: what its signatures do not cover is not read as signed. */
export function foundInMessage({ facts, level, checks }: CadesSignature): FoundSignature {
  return {
    kind: 'signature',
    facts,
    stamp: undefined,
    constraintFailure: undefined,
    place: undefined,
    level,
    covers: [],
    coversWholeFile: true,
    modifications: 'none',
    modificationReasons: [],
    checks,
  }
}
