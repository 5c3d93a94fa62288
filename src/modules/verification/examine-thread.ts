import { parentPort, workerData } from 'node:worker_threads'
import { explainFile } from './explain-file.ts'
import type { Explanation } from './explanation.ts'
import { readTrustedHere } from './trusted-here.ts'

export interface ExamineRequest {
  bytes: Uint8Array
  now: Date
  /** What a detached signature is over. */
  content: Uint8Array | undefined
}

export type ExamineAnswer = { explanation: Explanation } | { fault: string }

/** The thread's whole life: one file after the other, each answered. What is trusted is read anew: an operator may have added to it. */
parentPort!.on('message', async (request: ExamineRequest) => answer(await examine(request)))

/** Data nested deeper than can be copied to whoever asked stay here; what was found out goes. */
function answer(found: ExamineAnswer): void {
  try {
    parentPort!.postMessage(found)
  } catch (error) {
    if ('fault' in found) throw error
    parentPort!.postMessage({ explanation: { ...found.explanation, data: undefined } })
  }
}

async function examine({ bytes, now, content }: ExamineRequest): Promise<ExamineAnswer> {
  try {
    const trusted = await readTrustedHere(workerData as Parameters<typeof readTrustedHere>[0])
    return { explanation: explainFile(asBuffer(bytes), trusted, now, { content: content && asBuffer(content) }) }
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
}

/** Between threads a Buffer becomes the array it is made on. */
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength)
