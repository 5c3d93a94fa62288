import { checkCrls } from '#trust/revocation/check-crls.ts'
import type { RevocationReport, RevocationRules } from '#trust/revocation/report.ts'
import { type Asking, decided, HOUR, type Question, signersOf } from './asking.ts'
import type { HeldLists } from './held-lists.ts'

/** By the issuer's list, held for everybody. */
export function askByCrl(lists: HeldLists): Asking {
  function judge({ certificate, issuer }: Question, rules: RevocationRules): RevocationReport | undefined {
    const last = lists.held(issuer)
    return last && decided(checkCrls(certificate, [last.crl], rules, signersOf(issuer, lists.verify)))
  }

  return {
    async fresh(question) {
      if (!question.source.crl) return undefined
      await lists.current(question)
      return judge(question, { at: question.at })
    },
    async late(question) {
      const { at, issuer, source } = question
      const nextUpdate = lists.held(issuer)?.crl.nextUpdate
      if (!source.crl || !nextUpdate || at <= nextUpdate) return undefined
      // As of its last valid instant; what it says of a revocation holds for ever.
      const then = judge(question, { at: nextUpdate, now: at })
      return then?.status === 'revoked' || at.getTime() - nextUpdate.getTime() <= source.graceHours * HOUR
        ? then
        : undefined
    },
  }
}
