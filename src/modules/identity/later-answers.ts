import { randomBytes } from 'node:crypto'
import type { Database } from '#kernel/database.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { buildOcspRequest } from '#trust/revocation/build-ocsp-request.ts'
import { checkCrls } from '#trust/revocation/check-crls.ts'
import { checkOcsp } from '#trust/revocation/check-ocsp.ts'
import { type Crl, parseCrl } from '#trust/revocation/parse-crl.ts'
import { parseOcspResponse } from '#trust/revocation/parse-ocsp.ts'
import type { RevocationEvidence, RevocationReport } from '#trust/revocation/report.ts'
import type { ValidationData } from '#trust/validation/facts.ts'
import { NONCE_BYTES } from './ask-by-ocsp.ts'
import { restAfterFailure, signersOf, verifyOnce } from './asking.ts'
import type { Authorities } from './authorities.ts'
import { type HeldLists, openHeldLists } from './held-lists.ts'
import { type AnswerStore, answersSince, databaseAnswers } from './revocation-answers.ts'
import type { RevocationSource, RevocationSources } from './revocation-sources.ts'

/**
 * `no-source`: nobody is configured to say it. `source-silent`: it did not answer, or nothing that can be used. `answer-too-old`:
 * it has not said anything since. `answer-too-large`: a list too long to be carried by each document.
 */
export type AnswerWait = 'no-source' | 'source-silent' | 'answer-too-old' | 'answer-too-large'

export interface AnswerQuestion {
  certificate: Certificate
  issuer: Certificate
  after: Date | undefined
  have: ValidationData
  now: Date
}

export interface FoundAnswer {
  /** Undefined where what the document carries already suffices, or where it has to wait. */
  answer?: RevocationEvidence
  wait?: AnswerWait
}

export type AnswerFinder = (question: AnswerQuestion) => Promise<FoundAnswer>

export interface AnswersParts {
  /** Where answers are kept as evidence and found again; absent on the machine of whoever signs. */
  db?: Database
  sources: RevocationSources
  authorities: Authorities
  /** Where others in this process hold the same lists. */
  lists?: HeldLists
  onSilence(issuer: string, error: unknown): void
}

/** Bytes: each document carries its own copy. */
const LARGEST_LIST = 2 * 1024 * 1024
const REST_SECONDS = 60
const FRESH_SECONDS = 24 * 3600
const SHARED_SECONDS = 5

interface Place extends AnswerQuestion {
  source: RevocationSource
}

/**
 * What an issuer said of a certificate since a time: from the document itself, from what was kept as evidence, from the source. The
 * answer counts whatever it says; that it holds is verified here, what follows from it is for whoever validates.
 */
export function openAnswers({ db, sources, authorities, onSilence, lists: shared }: AnswersParts): AnswerFinder {
  const verify = verifyOnce()
  const failures = restAfterFailure(REST_SECONDS)
  const answers = db ? databaseAnswers(db) : nothingKept
  const lists = shared ?? openHeldLists({ answers, onSilence })

  const byOcsp = (der: Uint8Array, { certificate, issuer, after, now }: AnswerQuestion, nonce?: Buffer) => {
    const configured = sources.get(issuer.sha256)?.ocsp?.responder
    const responder = authorities.find(({ sha256 }) => sha256 === configured)?.certificate
    const rules = {
      at: after ?? now,
      now,
      nonce,
      requireNonce: nonce && sources.get(issuer.sha256)?.ocsp?.requireNonce,
      ocspFreshSeconds: FRESH_SECONDS,
      trustedResponders: listOf(responder),
    }
    const signers = signersOf(issuer, verify)
    const response = readOrNothing(parseOcspResponse, der)
    return response && newer(checkOcsp({ certificate, issuer, crls: [], rules, signers }, [response]), after)
  }
  const byList = (crl: Crl | undefined, { certificate, issuer, after, now }: AnswerQuestion) =>
    crl && newer(checkCrls(certificate, [crl], { at: after ?? now, now }, signersOf(issuer, lists.verify)), after)

  /** In the document itself. */
  const carried = (question: AnswerQuestion): boolean =>
    question.have.ocspResponses.some((each) => byOcsp(each, question)) ||
    question.have.crls.some((each) => byList(readOrNothing(parseCrl, each), question))

  async function kept(question: Place): Promise<RevocationEvidence | undefined> {
    const { certificate, issuer, after, now } = question
    const held = lists.held(issuer)
    const byHeld = held && held.crl.der.length <= LARGEST_LIST ? byList(held.crl, question) : undefined
    if (byHeld || !db) return byHeld
    const since = after ?? new Date(now.getTime() - FRESH_SECONDS * 1000)
    for (const der of await answersSince(db, { kind: 'ocsp', issuer, serial: certificate.serialText, since })) {
      const found = byOcsp(der, question)
      if (found) return found
    }
    for (const der of await answersSince(db, { kind: 'crl', issuer, serial: null, since, most: LARGEST_LIST })) {
      const found = byList(readOrNothing(parseCrl, der), question)
      if (found) return found
    }
    return undefined
  }

  async function askOcsp(question: Place): Promise<FoundAnswer> {
    const { certificate, issuer, now, source } = question
    const nonce = randomBytes(NONCE_BYTES)
    const answer = await source.ocsp!.ask(buildOcspRequest(certificate, issuer, nonce))
    const found = byOcsp(answer, question, nonce)
    if (!found) return { wait: 'answer-too-old' }
    const serial = certificate.serialText
    await answers.keep({ kind: 'ocsp', issuer: issuer.sha256, serial, answer, fetchedAt: now })
    return { answer: found }
  }

  async function askList({ source, ...question }: Place): Promise<FoundAnswer> {
    const { issuer, now } = question
    const list = await lists.current({ issuer, source, at: now })
    // One that another question had read a moment ago is as new as can be, also where each is to read it anew.
    const freshSeconds = Math.max(source.crl!.refreshSeconds, SHARED_SECONDS)
    if (!list || now.getTime() - list.readAt.getTime() > freshSeconds * 1000) return { wait: 'source-silent' }
    if (list.crl.der.length > LARGEST_LIST) return { wait: 'answer-too-large' }
    const found = byList(list.crl, question)
    return found ? { answer: found } : { wait: 'answer-too-old' }
  }

  /** The first way that brings an answer; else why none of them did. */
  async function fetched(question: Place): Promise<FoundAnswer> {
    const { issuer, now, source } = question
    let last: FoundAnswer = { wait: 'source-silent' }
    for (const [way, ask] of [['ocsp', askOcsp] as const, ['crl', askList] as const]) {
      const key = `${way} ${issuer.sha256}`
      if (!source[way] || failures.isResting(key, now)) continue
      try {
        last = await ask(question)
        if (last.answer) return last
      } catch (error) {
        failures.rest(key, now)
        onSilence(issuer.sha256, error)
      }
    }
    return last
  }

  return async (question) => {
    if (carried(question)) return {}
    const source = sources.get(question.issuer.sha256)
    if (!source) return { wait: 'no-source' }
    const answer = await kept({ ...question, source })
    return answer ? { answer } : fetched({ ...question, source })
  }
}

const nothingKept: AnswerStore = { keep: async () => {}, latest: async () => undefined }

const listOf = <T>(each: T | undefined): T[] => (each === undefined ? [] : [each])

/** Good or revoked, and said since. */
function newer({ status, evidence }: RevocationReport, after: Date | undefined): RevocationEvidence | undefined {
  const [first] = evidence
  return status !== 'unknown' && first && (!after || first.thisUpdate >= after) ? first : undefined
}

function readOrNothing<T>(parse: (der: Uint8Array) => T, der: Uint8Array): T | undefined {
  try {
    return parse(der)
  } catch {
    return undefined
  }
}
