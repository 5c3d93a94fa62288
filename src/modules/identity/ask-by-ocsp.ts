import { randomBytes } from 'node:crypto'
import { buildOcspRequest } from '#trust/revocation/build-ocsp-request.ts'
import { checkOcsp } from '#trust/revocation/check-ocsp.ts'
import { type OcspResponse, parseOcspResponse } from '#trust/revocation/parse-ocsp.ts'
import type { RevocationReport, RevocationRules } from '#trust/revocation/report.ts'
import {
  type Asking,
  type AskingParts,
  decided,
  HOUR,
  type Question,
  restAfterFailure,
  signersOf,
  verifyOnce,
} from './asking.ts'

const MOST_RESPONSES = 10_000
/** As many as RFC 9654 (2.1) advises, and no more than RFC 8954 let an older responder take. */
export const NONCE_BYTES = 32

/** One certificate's status at a time, by OCSP. */
export function askByOcsp({ answers, responder, onSilence }: AskingParts): Asking {
  const held = new Map<string, { response: OcspResponse; fetchedAt: Date }>()
  const verify = verifyOnce()
  const failures = restAfterFailure(5)
  const keyOf = ({ certificate, issuer }: Question) => `${issuer.sha256} ${certificate.serialText}`

  function judge(response: OcspResponse, question: Question, rules: RevocationRules) {
    const { certificate, issuer, source } = question
    const configured = source.ocsp?.responder === undefined ? undefined : responder(source.ocsp.responder)
    const all = { ...rules, trustedResponders: configured ? [configured] : [] }
    const signers = signersOf(issuer, verify)
    return decided(checkOcsp({ certificate, issuer, crls: [], rules: all, signers }, [response]))
  }

  async function fetchAnswer(question: Question): Promise<RevocationReport | undefined> {
    const { certificate, issuer, at, source } = question
    const nonce = randomBytes(NONCE_BYTES)
    const answer = await source.ocsp!.ask(buildOcspRequest(certificate, issuer, nonce))
    const response = parseOcspResponse(answer)
    const { freshSeconds, requireNonce } = source.ocsp!
    const report = judge(response, question, { at, nonce, requireNonce, ocspFreshSeconds: freshSeconds })
    if (!report) throw new Error('the OCSP answer says nothing that can be used')
    const serial = certificate.serialText
    await answers.keep({ kind: 'ocsp', issuer: issuer.sha256, serial, answer, fetchedAt: at })
    if (held.size >= MOST_RESPONSES) held.delete(held.keys().next().value ?? '')
    held.set(keyOf(question), { response, fetchedAt: at })
    return report
  }

  return {
    async fresh(question) {
      const { at, source, issuer } = question
      if (!source.ocsp) return undefined
      const last = held.get(keyOf(question))
      const current = last && judge(last.response, question, { at, ocspFreshSeconds: source.ocsp.freshSeconds })
      if (current) return current
      if (failures.isResting(issuer.sha256, at)) return undefined
      return fetchAnswer(question).catch((error: unknown) => {
        failures.rest(issuer.sha256, at)
        onSilence(issuer.sha256, error)
        return undefined
      })
    },
    async late(question) {
      const { certificate, issuer, at, source } = question
      if (!source.ocsp) return undefined
      let last = held.get(keyOf(question))
      if (!last) {
        const kept = await answers.latest({ kind: 'ocsp', issuer: issuer.sha256, serial: certificate.serialText })
        last = kept && { response: parseOcspResponse(kept.answer), fetchedAt: kept.fetchedAt }
      }
      if (!last) return undefined
      // As it was judged when it came; what it says of a revocation holds for ever.
      const then = judge(last.response, question, {
        at: last.fetchedAt,
        now: at,
        ocspFreshSeconds: source.ocsp.freshSeconds,
      })
      return then?.status === 'revoked' || at.getTime() - last.fetchedAt.getTime() <= source.graceHours * HOUR
        ? then
        : undefined
    },
  }
}
