import { type CadesReport, type CadesSignature, cadesFacts } from '#trust/cades/cades-facts.ts'
import type { Beside } from './examine.ts'
import type { FoundSignature, SignedFile } from './signed-file.ts'

/** The signatures of a CMS message, over its own content or over what lies beside it. Never throws for what the bytes are. */
export function readCms(bytes: Buffer, { content }: Beside): SignedFile {
  const report = factsBeside(bytes, content)
  const detail = 'the message is not a signed one in DER'
  return {
    format: 'cms',
    bytes,
    error: report.error && { problem: report.error, detail },
    signatures: report.signatures.map(foundInMessage),
    evidence: report.evidence,
  }
}

/** What a message brings itself and lies beside it too is one content; where the two are not the same, what lies here was not signed. */
function factsBeside(bytes: Buffer, content: Buffer | undefined): CadesReport {
  const rules = { requireSigningCertificate: false }
  const given = cadesFacts(bytes, content, rules)
  if (!content || !given.content) return given
  if (content.equals(given.content)) return cadesFacts(bytes, undefined, rules)
  const signatures = given.signatures.map((each) => {
    const isOpen = each.facts.failure === 'SIGNED_DATA_NOT_FOUND'
    return isOpen ? { ...each, facts: { ...each.facts, failure: 'HASH_FAILURE' as const } } : each
  })
  return { ...given, signatures }
}

/** A message cannot be added to unseen: what its signatures do not cover is not read as signed. */
function foundInMessage({ facts, level, checks }: CadesSignature): FoundSignature {
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
