import type { Clock } from '#kernel/clock.ts'
import type { Database } from '#kernel/database.ts'
import type { Log } from '#kernel/log.ts'
import type { SigningKey } from '#modules/seals/index.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { TimestampError, type TimestampFailure } from '#trust/timestamp/errors.ts'
import { readTimestampRequest, type TimestampRequest } from '#trust/timestamp/request.ts'
import { writeGrant, writeRefusal } from '#trust/timestamp/response.ts'
import { completeToken } from '#trust/timestamp/write-token.ts'
import type { ClockTrust } from './clock-trust.ts'
import { ClockBehind, openIssueRecord } from './issue-record.ts'
import { refusalTexts } from './texts.ts'

/** Our own authority of time (RFC 3161), for trial and for institutions that have none. */
export interface TimestampAuthority {
  certificate: Certificate
  /** @param request DER of a TimeStampReq, or anything else. @returns DER of a TimeStampResp, always */
  answer(request: Uint8Array): Promise<Buffer>
}

export interface AuthorityParts {
  db: Database
  clock: Clock
  log: Pick<Log, 'info' | 'warn' | 'error'>
  key: SigningKey
  trust: ClockTrust
  policy: string
  /** Whole milliseconds. */
  accuracy: number
}

const ACCEPTED: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512'])

/** Number and time are written down for good first, the key is asked afterwards: no token without its record. */
export function openTimestampAuthority(parts: AuthorityParts): TimestampAuthority {
  const { db, clock, log, key, policy } = parts
  const { certificate } = key
  const issue = openIssueRecord({ db, clock, log, policy, accuracy: parts.accuracy, certificate })

  async function stamp({ imprint, nonce, wantsCertificates }: TimestampRequest): Promise<Buffer> {
    await mustStamp(parts)
    const prepared = await issue({ imprint: imprint.der, nonce })
    const signature = await key.sign(prepared.signedAttributes)
    return completeToken(prepared, signature, wantsCertificates ? key.chain : undefined)
  }

  return {
    certificate,
    async answer(bytes) {
      try {
        const request = readTimestampRequest(bytes)
        if (!ACCEPTED.has(request.imprint.hash)) return refuse('badAlg')
        if (request.policy !== undefined && request.policy !== policy) return refuse('unacceptedPolicy')
        return writeGrant(await stamp(request))
      } catch (error) {
        return refuse(failureOf(error, log))
      }
    },
  }
}

class Unavailable extends Error {
  readonly failure: TimestampFailure
  constructor(failure: TimestampFailure, reason: string) {
    super(reason)
    this.failure = failure
  }
}

async function mustStamp({ clock, key, trust }: AuthorityParts): Promise<void> {
  const doubt = await trust.doubt()
  if (doubt) throw new Unavailable('timeNotAvailable', doubt)
  const { notBefore, notAfter } = key.certificate
  const now = clock.now()
  if (now < notBefore || now > notAfter)
    throw new Unavailable('systemFailure', 'the certificate of the authority is not in force')
}

/** What the asker is told; what the operator should know is in the log. Of what was asked nothing is: it is nobody's business. */
function failureOf(error: unknown, log: AuthorityParts['log']): TimestampFailure {
  if (error instanceof TimestampError) return error.failure
  if (error instanceof ClockBehind) {
    log.error({ reason: error.message }, 'no time is stamped: the clock is behind what was stamped')
    return 'timeNotAvailable'
  }
  if (error instanceof Unavailable) {
    log.error({ reason: error.message }, 'no time is stamped')
    return error.failure
  }
  log.error({ err: error }, 'a time-stamp could not be made')
  return 'systemFailure'
}

const refuse = (failure: TimestampFailure): Buffer => {
  const { es, en } = refusalTexts[failure]
  return writeRefusal(failure, es, en)
}
