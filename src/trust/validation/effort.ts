import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { type SignatureVerdict, verifySignature } from '#trust/certificate/verify-signature.ts'
import type { PathCache, PathReport } from '#trust/path/check-path.ts'
import type { RevocationSources } from '#trust/revocation/check-revocation.ts'
import type { Signed } from '#trust/revocation/report.ts'
import type { KnownRevocation } from './known-revocations.ts'

/** What the validation of one file found out already, and what it may still cost: everything in a file is by whoever made it. */
export interface Effort {
  /** That of whoever asked, until the file has cost too much. */
  cache: PathCache
  verify(item: Signed, signer: Certificate): SignatureVerdict
  /** What was left out of account for its cost could have said "revoked": nothing passes any more. */
  spent(): PathReport | undefined
  /** A question about a path; the same one is answered once. */
  ask(key: readonly unknown[], compute: () => PathReport): PathReport
  revocationOf(
    certificate: Certificate,
    issuer: Certificate,
    find: () => KnownRevocation | undefined,
  ): KnownRevocation | undefined
  /** The same evidence but those, by SHA-256; for the same ones the same object. */
  without(sources: RevocationSources, those: ReadonlySet<string>): RevocationSources
}

/** Well above what fifty signatures with a time-stamp for every year need. */
const MOST_SIGNATURES = 2_000
const MOST_QUESTIONS = 1_000

class Spent extends Error {}

export function createEffort(kept: PathCache, allowLegacyAlgorithms = false): Effort {
  const left = { signatures: MOST_SIGNATURES, questions: MOST_QUESTIONS }
  const reports = new Map<string, PathReport>()
  const revocations = new Map<string, { found: KnownRevocation | undefined }>()
  const parts = new Map<string, RevocationSources>()
  const numberOf = numbering()

  const signature: PathCache['signature'] = (id, verify) => {
    try {
      return kept.signature(id, () => {
        if (left.signatures <= 0) throw new Spent()
        left.signatures -= 1
        return verify()
      })
    } catch (error) {
      if (error instanceof Spent) return 'unsupported'
      throw error
    }
  }

  const spent = () => {
    if (left.signatures <= 0) return tooMuch('signatures', MOST_SIGNATURES)
    return left.questions < 0 ? tooMuch('questions', MOST_QUESTIONS) : undefined
  }

  return {
    cache: { signature, state: kept.state },
    spent,
    verify: (item, signer) =>
      signature(`known ${allowLegacyAlgorithms} ${item.sha256} ${signer.sha256}`, () =>
        verifySignature(item.signatureAlgorithm, signer.publicKey, item.tbs, item.signature, { allowLegacyAlgorithms }),
      ),
    ask(key, compute) {
      const id = key.map((each) => (typeof each === 'object' && each ? `#${numberOf(each)}` : String(each))).join(' ')
      let report = reports.get(id)
      if (!report) {
        left.questions -= 1
        report = spent() ?? compute()
        reports.set(id, report)
      }
      return spent() ?? report
    },
    revocationOf(certificate, issuer, find) {
      const id = `${certificate.sha256} ${issuer.sha256}`
      const known = revocations.get(id) ?? { found: find() }
      revocations.set(id, known)
      return known.found
    },
    without(sources, those) {
      const id = [numberOf(sources), ...[...those].sort()].join(' ')
      const isKept = ({ sha256 }: { sha256: string }): boolean => !those.has(sha256)
      const part = parts.get(id) ?? {
        crls: sources.crls.filter(isKept),
        ocspResponses: sources.ocspResponses.filter(isKept),
        unreadable: sources.unreadable,
      }
      parts.set(id, part)
      return part
    },
  }
}

function numbering(): (object: object) => number {
  const numbers = new WeakMap<object, number>()
  let next = 0
  return (object) => {
    const known = numbers.get(object) ?? next++
    numbers.set(object, known)
    return known
  }
}

function tooMuch(bound: string, limit: number): PathReport {
  const reason = `The file has more certificates, lists and answers than are weighed (bound: ${limit} ${bound}).`
  return {
    indication: 'INDETERMINATE',
    subIndication: 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
    reason,
    bound: 'nodes',
    path: [],
    checks: [{ name: 'chain', ok: false, detail: reason }],
    revocation: [],
  }
}
