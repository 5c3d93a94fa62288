import { Worker } from 'node:worker_threads'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { type SignatureVerdict, verifySignature } from '#trust/certificate/verify-signature.ts'
import { type Crl, type CrlIndex, openCrl, parseCrl } from '#trust/revocation/parse-crl.ts'

export interface ListToRead {
  /** On memory of its own, which moves to the thread and back. */
  der: Uint8Array<ArrayBuffer>
  /** Of the issuer whose list it should be. */
  spki: Uint8Array
}

export type ReadList =
  | { ok: true; der: Uint8Array<ArrayBuffer>; verdict: SignatureVerdict; index: CrlIndex }
  | { ok: false; fault: string }

/** Below, reading takes less time than starting a thread. */
const SMALL = 128 * 1024
const LONGEST_MS = 60_000
const script = new URL('./read-list.ts', import.meta.url)

/**
 * Reads a list and verifies that `issuer` signed it. A long one is read, hashed and sorted in a thread of its own, so that nobody waits for
 * it: afterwards it answers from the same bytes in microseconds. Rejects with an Error where it is no list of that issuer's.
 */
export async function readList(der: Buffer, issuer: Certificate): Promise<Crl> {
  if (der.length < SMALL) return readHere(der, issuer)
  const answer = await inThread({ der: Uint8Array.from(der), spki: issuer.spki })
  if (!answer.ok) throw new Error(answer.fault)
  requireValid(answer.verdict)
  const { buffer, byteOffset, byteLength } = answer.der
  return openCrl(Buffer.from(buffer, byteOffset, byteLength), answer.index)
}

function readHere(der: Buffer, issuer: Certificate): Crl {
  const crl = parseCrl(der)
  requireValid(verifySignature(crl.signatureAlgorithm, issuer.publicKey, crl.tbs, crl.signature))
  return crl
}

function requireValid(verdict: SignatureVerdict): void {
  if (verdict !== 'valid') throw new Error('the list is not signed by its issuer')
}

function inThread(list: ListToRead): Promise<ReadList> {
  const worker = new Worker(script, { workerData: list, transferList: [list.der.buffer] })
  worker.unref()
  return new Promise<ReadList>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the list took too long to read')), LONGEST_MS)
    timer.unref()
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => {
      clearTimeout(timer)
      reject(new Error('the thread that reads lists ended'))
    })
  }).finally(() => worker.terminate())
}
