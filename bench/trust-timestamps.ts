import { sign } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { keyAtHand } from '../src/modules/seals/index.ts'
import { readTimestampRequest, writeTimestampRequest } from '../src/trust/timestamp/request.ts'
import { writeGrant } from '../src/trust/timestamp/response.ts'
import { verifyToken } from '../src/trust/timestamp/verify-token.ts'
import { completeToken, prepareToken } from '../src/trust/timestamp/write-token.ts'
import { digestOf, POLICY, timeHolder } from '../test/support/timestamps.ts'
import type { Result } from './measure.ts'

const ROUNDS = 30
const PER_ROUND = 300
const SERIAL = Buffer.alloc(20, 0x55)

/**
 * A whole answer to a request, with a P-256 key: read, TSTInfo, signed attributes, signature, token, response; and the verification of the
 * token. Beside bare signatures and verifications of as many bytes by the same key, in turns, in the same process.
 */
export async function measureTrustTimestamps(): Promise<Result[]> {
  const { certificate, key } = timeHolder()
  const authority = keyAtHand(key, certificate, [certificate.der])
  const digest = digestOf('act')
  const request = writeTimestampRequest({ hash: 'sha256', digest, nonce: Buffer.alloc(8, 9), wantsCertificates: true })
  const time = new Date('2025-06-01T12:00:00Z')
  const answer = async () => {
    const { imprint, nonce } = readTimestampRequest(request)
    const parts = { policy: POLICY, imprint: imprint.der, nonce, serial: SERIAL, time, accuracy: 1000 }
    const prepared = prepareToken(parts, certificate)
    return writeGrant(completeToken(prepared, await authority.sign(prepared.signedAttributes), authority.chain))
  }
  const prepared = prepareToken(
    { policy: POLICY, imprint: readTimestampRequest(request).imprint.der, serial: SERIAL, time },
    certificate,
  )
  const signature = sign('sha256', prepared.signedAttributes, key)
  const token = completeToken(prepared, signature, [])
  const work = {
    bareSigning: () => sign('sha256', prepared.signedAttributes, key),
    answering: answer,
    verifying: () => verifyToken(token, () => digest),
  }
  const best = { bareSigning: 0, answering: 0, verifying: 0 }
  for (let i = 0; i < ROUNDS; i += 1)
    for (const name of Object.keys(work) as Array<keyof typeof work>)
      best[name] = Math.max(best[name], await rate(work[name]))
  return [
    {
      what: `time-stamp answers with a P-256 key, ${Math.round(best.answering)}/s, beside bare signing, ${Math.round(best.bareSigning)}/s (tokens verified: ${Math.round(best.verifying)}/s)`,
      value: best.answering / best.bareSigning,
      unit: '×',
      goal: 0.3,
      better: 'more',
    },
  ]
}

async function rate(work: () => unknown): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < PER_ROUND; i += 1) await work()
  return (PER_ROUND * 1000) / (performance.now() - start)
}
