import { randomBytes } from 'node:crypto'
import type { Authorities } from '#modules/identity/index.ts'
import { checkPath } from '#trust/path/check-path.ts'
import { readTimestampRequest, type TimestampRequest, writeTimestampRequest } from '#trust/timestamp/request.ts'
import { LARGEST_RESPONSE } from '#trust/timestamp/response.ts'
import { verifyAnswer } from '#trust/timestamp/verify-response.ts'
import type { TimestampReport } from '#trust/timestamp/verify-token.ts'
import type { TimestampSource } from './read-sources.ts'

const NONCE_BYTES = 16

/** Why a source did not stamp, for the operator. */
export class NoStamp extends Error {}

export interface Asking {
  authorities: Authorities
  /** Undefined where clocks are not to be compared: a demo's is its own. */
  now: (() => Date) | undefined
}

/** A digest is a SHA-256, or by its length a SHA-512. */
export const hashOfLength = ({ length }: Uint8Array): 'sha256' | 'sha512' => (length === 64 ? 'sha512' : 'sha256')

/**
 * One token of one source over a digest: it answers this very request (nonce, digest, policy), holds, comes from whom it is expected from, and
 * says the time that it is. @throws NoStamp with the reason; a fault of the network as it came
 */
export async function askAuthority(source: TimestampSource, digest: Uint8Array, asking: Asking): Promise<Buffer> {
  const [policy] = source.policies.length === 1 ? source.policies : []
  const nonce = randomBytes(NONCE_BYTES)
  const query = writeTimestampRequest({ hash: hashOfLength(digest), digest, policy, nonce, wantsCertificates: true })
  return checkAnswer(await post(source, query), readTimestampRequest(query), source, asking)
}

/** The same of bytes that came some other way. @throws NoStamp */
export function checkAnswer(
  answer: Uint8Array,
  request: TimestampRequest,
  source: Pick<TimestampSource, 'policies' | 'trust'>,
  { authorities, now }: Asking,
): Buffer {
  const { token, timestamp, detail } = verifyAnswer(answer, request, { policies: source.policies })
  if (!token || !timestamp) throw new NoStamp(detail)
  if (source.trust !== 'anyone') mustBeTrusted(timestamp, source.trust, authorities)
  if (now) mustBeNow(timestamp.time, now())
  return token
}

function mustBeTrusted(
  { signer, certificates, time }: TimestampReport,
  trust: readonly string[],
  authorities: Authorities,
) {
  const { indication, path, reason } = checkPath({
    certificate: signer!,
    trustAnchors: authorities.filter(({ anchor }) => anchor).map(({ certificate }) => certificate),
    intermediates: [
      ...authorities.filter(({ anchor }) => !anchor).map(({ certificate }) => certificate),
      ...certificates,
    ],
    at: time,
    revocation: 'none',
  })
  if (indication !== 'PASSED') throw new NoStamp(`nobody trusted answers for the authority: ${reason}`)
  if (trust.length > 0 && !path.some(({ sha256 }) => trust.includes(sha256)))
    throw new NoStamp('the authority is another one than is expected')
}

/** Milliseconds that the clocks of two well-kept machines never differ by; a token that does was kept back, or its clock is wrong. */
const LARGEST_DIFFERENCE = 5 * 60_000

function mustBeNow(time: Date, now: Date): void {
  if (Math.abs(time.getTime() - now.getTime()) > LARGEST_DIFFERENCE)
    throw new NoStamp(`it says ${time.toISOString()}, which is not the time here`)
}

/** RFC 3161, 3.4. No redirect is followed, and a long answer is cut off. */
export async function post(
  { url, milliseconds, user, password }: Pick<TimestampSource, 'url' | 'milliseconds' | 'user' | 'password'>,
  query: Uint8Array,
): Promise<Buffer> {
  const credentials = user === undefined ? undefined : Buffer.from(`${user}:${password ?? ''}`).toString('base64')
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/timestamp-query',
      accept: 'application/timestamp-reply',
      ...(credentials && { authorization: `Basic ${credentials}` }),
    },
    body: Uint8Array.from(query),
    redirect: 'error',
    signal: AbortSignal.timeout(milliseconds),
  })
  if (!response.ok || !response.body) {
    await response.body?.cancel()
    throw new NoStamp(`the authority answered ${response.status}`)
  }
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body) {
    bytes += part.byteLength
    if (bytes > LARGEST_RESPONSE) throw new NoStamp('the answer is too large')
    parts.push(part)
  }
  return Buffer.concat(parts)
}
