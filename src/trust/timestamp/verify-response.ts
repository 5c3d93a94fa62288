import { onlyDigest } from '#trust/cms/digest-content.ts'
import { TimestampError } from './errors.ts'
import type { TimestampRequest } from './request.ts'
import { readTimestampResponse, type TimestampResponse } from './response.ts'
import { type TokenCheck, type TokenRules, verifyToken } from './verify-token.ts'

/** What an authority answered to one request. */
export interface AnswerCheck extends TokenCheck {
  /** DER, where it answers the request and holds; who made it is for the caller to trust or not. */
  token: Buffer | undefined
  response: TimestampResponse | undefined
}

export interface AnswerRules extends TokenRules {
  /** Of which one is expected; where none is named any will do. A policy that was asked for has to be the one. */
  policies?: readonly string[]
}

/**
 * The answer to a request (RFC 3161, 2.4.2, and what it asks the asker to check): granted, over the same digest, with the same nonce,
 * under a policy that is expected. Never throws for what the bytes are.
 */
export function verifyAnswer(bytes: Uint8Array, request: TimestampRequest, rules: AnswerRules = {}): AnswerCheck {
  const refuse = (detail: string, response?: TimestampResponse): AnswerCheck => ({
    token: undefined,
    response,
    timestamp: undefined,
    signer: undefined,
    info: undefined,
    detail,
  })
  let response: TimestampResponse
  try {
    response = readTimestampResponse(bytes)
  } catch (error) {
    if (error instanceof TimestampError) return refuse('it is no answer of a time-stamp authority')
    throw error
  }
  const { token, status, failures, text } = response
  if (!token)
    return refuse(`the authority refuses: ${[...failures, `status ${status}`].join(', ')} ${text}`.trim(), response)
  const { imprint } = request
  const check = verifyToken(token, onlyDigest(imprint.hash, imprint.digest), rules)
  const fault = check.timestamp?.sound ? findMismatch(check, request, rules) : check.detail
  return { ...check, token: fault === undefined ? token : undefined, response, detail: fault ?? check.detail }
}

function findMismatch(
  { info, timestamp }: TokenCheck,
  request: TimestampRequest,
  rules: AnswerRules,
): string | undefined {
  const { nonce, policy } = request
  if (nonce && !info?.nonce?.equals(nonce)) return 'it answers another request: the nonce is not the one that was sent'
  if (!nonce && info?.nonce) return 'it answers another request: it has a nonce, and none was sent'
  const expected = policy === undefined ? rules.policies : [policy]
  if (expected && expected.length > 0 && !expected.includes(info!.policy))
    return `it is made under another policy than is expected: ${info!.policy}`
  if (request.wantsCertificates && !timestamp!.carried.some((each) => each.equals(timestamp!.signer!.der)))
    return 'it does not carry the certificate that was asked for'
  return undefined
}
