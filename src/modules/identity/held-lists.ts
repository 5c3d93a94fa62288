import type { Database } from '#kernel/database.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { Crl } from '#trust/revocation/parse-crl.ts'
import { restAfterFailure, type Verify, verifyOnce } from './asking.ts'
import { readList } from './list-thread.ts'
import { type AnswerStore, databaseAnswers } from './revocation-answers.ts'
import type { RevocationSource } from './revocation-sources.ts'

/** An issuer's last list, verified. */
export interface HeldList {
  crl: Crl
  /** When the source last gave it. */
  readAt: Date
}

export interface ListQuestion {
  issuer: Certificate
  source: RevocationSource
  at: Date
}

/** The lists of all issuers, each held once for everybody who asks. */
export interface HeldLists {
  /** The issuer's list, read anew when it is time to; undefined where none was ever had. Never rejects. */
  current(question: ListQuestion): Promise<HeldList | undefined>
  /** What is held now, without asking anybody. */
  held(issuer: Certificate): HeldList | undefined
  /** Of a list that is held the signature was verified when it came. */
  verify: Verify
}

export interface ListParts {
  answers: AnswerStore
  onSilence(issuer: string, error: unknown): void
}

const REST_SECONDS = 30
/** How long somebody waits for the next list while the one that is held is still in force. */
const PATIENCE_MS = 2_000

/**
 * A list is read at the first question, again in the background after half its time, and waited for when its time is over. The next one takes
 * its place from one question to the next, without a pause; an older one never does, also after a restart.
 */
export function openHeldLists({ answers, onSilence }: ListParts): HeldLists {
  const lists = new Map<string, HeldList>()
  const reading = new Map<string, Promise<void>>()
  const failures = restAfterFailure(REST_SECONDS)
  const verifyOther = verifyOnce()

  async function recall({ issuer }: ListQuestion): Promise<void> {
    if (lists.has(issuer.sha256)) return
    const kept = await answers.latest({ kind: 'crl', issuer: issuer.sha256, serial: null })
    if (kept) lists.set(issuer.sha256, { crl: await readList(kept.answer, issuer), readAt: new Date(0) })
  }

  async function fetchList({ issuer, at, source }: ListQuestion): Promise<void> {
    const answer = await source.crl!.read()
    const last = lists.get(issuer.sha256)
    if (last?.crl.der.equals(answer)) {
      lists.set(issuer.sha256, { crl: last.crl, readAt: at })
      return
    }
    const crl = await readList(answer, issuer)
    if (last && isOlder(crl, last.crl)) throw new Error('the list is older than the last one')
    await answers.keep({ kind: 'crl', issuer: issuer.sha256, serial: null, answer: crl.der, fetchedAt: at })
    lists.set(issuer.sha256, { crl, readAt: at })
  }

  async function readAnew(question: ListQuestion): Promise<void> {
    const { issuer, at } = question
    const failed = (error: unknown) => onSilence(issuer.sha256, error)
    await recall(question).catch(failed)
    await fetchList(question).catch((error: unknown) => {
      failures.rest(issuer.sha256, at)
      failed(error)
    })
  }

  /** Those who come while a list is being read wait for that one. */
  function refresh(question: ListQuestion): Promise<void> {
    const { sha256 } = question.issuer
    let now = reading.get(sha256)
    if (!now) {
      now = readAnew(question).finally(() => reading.delete(sha256))
      reading.set(sha256, now)
    }
    return now
  }

  return {
    held: ({ sha256 }) => lists.get(sha256),
    verify: (item, signer) => (lists.get(signer.sha256)?.crl === item ? 'valid' : verifyOther(item, signer)),
    async current(question) {
      const { issuer, at, source } = question
      const last = lists.get(issuer.sha256)
      if (failures.isResting(issuer.sha256, at)) return last
      const age = last ? at.getTime() - last.readAt.getTime() : Number.POSITIVE_INFINITY
      const due = source.crl!.refreshSeconds * 1000
      if (age < 0 || age >= due / 2) {
        const next = refresh(question)
        if (age < 0 || age >= due) await (isInForce(last, at) ? patiently(next) : next)
      }
      return lists.get(issuer.sha256)
    },
  }
}

/** The same, with what comes kept in the database. */
export const openListsOf = ({ db, onSilence }: Pick<ListParts, 'onSilence'> & { db: Database }): HeldLists =>
  openHeldLists({ answers: databaseAnswers(db), onSilence })

/** By its number, and where two have one number by its date. */
function isOlder(next: Crl, last: Crl): boolean {
  const [a, b] = [next.number ?? 0n, last.number ?? 0n]
  return a === b ? next.thisUpdate.getTime() < last.thisUpdate.getTime() : a < b
}

const isInForce = (list: HeldList | undefined, at: Date): boolean =>
  list?.crl.nextUpdate !== undefined && list.crl.thisUpdate <= at && at <= list.crl.nextUpdate

function patiently(next: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS)
    void next.finally(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
