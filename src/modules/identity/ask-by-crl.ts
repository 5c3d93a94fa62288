import { checkCrls } from '#trust/revocation/check-crls.ts'
import { type Crl, parseCrl } from '#trust/revocation/parse-crl.ts'
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

/** By the issuer's list: read anew when it is time to, verified once, and never replaced by an older one. */
export function askByCrl({ answers, onSilence }: Pick<AskingParts, 'answers' | 'onSilence'>): Asking {
  const held = new Map<string, { crl: Crl; fetchedAt: Date }>()
  const fetching = new Map<string, Promise<void>>()
  const verify = verifyOnce()
  const failures = restAfterFailure(30)

  async function fetchList({ issuer, at, source }: Question): Promise<void> {
    const answer = await source.crl!.read()
    const last = held.get(issuer.sha256)
    if (last?.crl.der.equals(answer)) {
      last.fetchedAt = at
      return
    }
    const crl = parseCrl(answer)
    if (verify(crl, issuer) !== 'valid') throw new Error('the list is not signed by its issuer')
    if (last && (crl.number ?? 0n) < (last.crl.number ?? 0n)) throw new Error('the list is older than the last one')
    await answers.keep({ kind: 'crl', issuer: issuer.sha256, serial: null, answer, fetchedAt: at })
    held.set(issuer.sha256, { crl, fetchedAt: at })
  }

  /** Those who come while a list is being read wait for that one. */
  function refresh(question: Question): Promise<void> {
    const { issuer, at, source } = question
    const last = held.get(issuer.sha256)
    const age = last ? at.getTime() - last.fetchedAt.getTime() : Number.POSITIVE_INFINITY
    const isRecent = age >= 0 && age < source.crl!.refreshSeconds * 1000
    if (isRecent || failures.isResting(issuer.sha256, at)) return Promise.resolve()
    let reading = fetching.get(issuer.sha256)
    if (!reading) {
      reading = fetchList(question)
        .catch((error: unknown) => {
          failures.rest(issuer.sha256, at)
          onSilence(issuer.sha256, error)
        })
        .finally(() => fetching.delete(issuer.sha256))
      fetching.set(issuer.sha256, reading)
    }
    return reading
  }

  async function recall({ issuer }: Question): Promise<void> {
    if (held.has(issuer.sha256)) return
    const kept = await answers.latest({ kind: 'crl', issuer: issuer.sha256, serial: null })
    if (kept) held.set(issuer.sha256, { crl: parseCrl(kept.answer), fetchedAt: new Date(0) })
  }

  function judge({ certificate, issuer }: Question, rules: RevocationRules): RevocationReport | undefined {
    const last = held.get(issuer.sha256)
    return last && decided(checkCrls(certificate, [last.crl], rules, signersOf(issuer, verify)))
  }

  return {
    async fresh(question) {
      if (!question.source.crl) return undefined
      await refresh(question)
      await recall(question)
      return judge(question, { at: question.at })
    },
    async late(question) {
      const { at, issuer, source } = question
      const nextUpdate = held.get(issuer.sha256)?.crl.nextUpdate
      if (!source.crl || !nextUpdate || at <= nextUpdate) return undefined
      // As of its last valid instant; what it says of a revocation holds for ever.
      const then = judge(question, { at: nextUpdate, now: at })
      return then?.status === 'revoked' || at.getTime() - nextUpdate.getTime() <= source.graceHours * HOUR
        ? then
        : undefined
    },
  }
}
