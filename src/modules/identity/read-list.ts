import { parentPort, workerData } from 'node:worker_threads'
import { readPublicKey } from '#trust/certificate/parse-certificate.ts'
import { verifySignature } from '#trust/certificate/verify-signature.ts'
import { indexOf, parseCrl } from '#trust/revocation/parse-crl.ts'
import type { ListToRead, ReadList } from './list-thread.ts'

/** A thread that reads one list, verifies it, sorts its entries, gives all of it back without a copy, and ends. */
const { der, spki } = workerData as ListToRead

function read(): ReadList {
  try {
    const crl = parseCrl(der)
    const key = readPublicKey(Buffer.from(spki))
    const verdict = verifySignature(crl.signatureAlgorithm, key, crl.tbs, crl.signature)
    return { ok: true, der, verdict, index: indexOf(crl) }
  } catch (error) {
    return { ok: false, fault: error instanceof Error ? error.message : 'the list cannot be read' }
  }
}

const answer = read()
const moved = answer.ok
  ? [answer.der.buffer, answer.index.entries.starts.buffer, answer.index.entries.order.buffer]
  : []
parentPort?.postMessage(answer, [...new Set(moved)] as ArrayBuffer[])
