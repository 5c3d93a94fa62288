import { type Certificate, certificateOrNone } from '#trust/certificate/parse-certificate.ts'
import { checkPath } from '#trust/path/check-path.ts'
import { noData, type ValidationData } from '#trust/validation/facts.ts'
import type { Authorities } from './authorities.ts'
import { type AnswerFinder, type AnswersParts, type AnswerWait, openAnswers } from './later-answers.ts'

/** What has to be known of one certificate, so that what it signed can still be judged when nobody answers any more. */
export interface DataQuestion {
  certificate: Certificate
  /** What came along with it. */
  carried: readonly Certificate[]
  /**
   * What it signed was there at the latest then: only answers given since say whether it was revoked before (EN 319 102-1, grace
   * period). Undefined where nothing is signed yet: then a current answer will do.
   */
  after: Date | undefined
}

/** Why something is still missing, and whose answer it is: SHA-256 of the issuer's certificate, hexadecimal. */
export interface DataWait {
  reason: AnswerWait | 'no-path'
  issuer: string | undefined
}

export interface GatheredData {
  /** What is needed and was not there yet. */
  data: ValidationData
  waits: DataWait[]
  /** From the anchor down to the certificate; empty where none was found. */
  path: Certificate[]
}

export interface DataGatherer {
  /** @param have what the document carries already: it is not asked for again */
  gather(question: DataQuestion, have: ValidationData, now: Date): Promise<GatheredData>
}

export interface GathererParts extends AnswersParts {
  authorities: Authorities
  /** Known by heart, like the platform's seal, by SHA-256: where no path leads to them they need none. */
  known: ReadonlySet<string>
  /** Issuers without any source are let through, as at sign-in. */
  demo: boolean
}

/**
 * Gathers the certificates up to an anchor and, for each under it, an answer of its issuer about revocation, from the table of
 * sources. Authorities that the operator put into the trust store are asked about only where their issuer has a source (docs/decisions/011).
 */
export function openDataGatherer(parts: GathererParts): DataGatherer {
  const answers = openAnswers(parts)
  return {
    async gather(question, have, now) {
      const path = pathOf(question, parts.authorities, have, now)
      if (path.length === 0 && parts.known.has(question.certificate.sha256))
        return { data: noData(), waits: [], path: [question.certificate] }
      if (path.length === 0) return { data: noData(), waits: [{ reason: 'no-path', issuer: undefined }], path }
      return { ...(await ask(path, question, { have, now, answers, parts })), path }
    },
  }
}

interface Asked {
  have: ValidationData
  now: Date
  answers: AnswerFinder
  parts: GathererParts
}

async function ask(path: Certificate[], { after }: DataQuestion, { have, now, answers, parts }: Asked) {
  const data = noData()
  const waits: DataWait[] = []
  const kept = new Set(have.certificates.map((each) => each.toString('base64')))
  data.certificates.push(...path.map(({ der }) => der).filter((der) => !kept.has(der.toString('base64'))))
  for (let i = 1; i < path.length; i += 1) {
    const [issuer, certificate] = [path[i - 1]!, path[i]!]
    const found = await answers({ certificate, issuer, after, have, now })
    if (found.wait === 'no-source' && mayLackSource(certificate, parts)) continue
    if (found.wait) waits.push({ reason: found.wait, issuer: issuer.sha256 })
    if (!found.answer) continue
    const { kind, der, signer } = found.answer
    data[kind === 'crl' ? 'crls' : 'ocspResponses'].push(der)
    if (!path.includes(signer) && !kept.has(signer.der.toString('base64'))) data.certificates.push(signer.der)
  }
  return { data, waits }
}

const mayLackSource = ({ sha256 }: Certificate, { demo, authorities }: GathererParts): boolean =>
  demo || authorities.some((each) => each.sha256 === sha256)

function pathOf(
  { certificate, carried, after }: DataQuestion,
  authorities: Authorities,
  have: ValidationData,
  now: Date,
): Certificate[] {
  const anchors = authorities.filter(({ anchor }) => anchor).map((each) => each.certificate)
  const others = authorities.filter(({ anchor }) => !anchor).map((each) => each.certificate)
  const report = checkPath({
    certificate,
    trustAnchors: anchors,
    intermediates: [...others, ...carried, ...have.certificates.flatMap(certificateOrNone)],
    at: after ?? now,
    revocation: 'none',
  })
  return report.indication === 'PASSED' ? report.path : []
}
