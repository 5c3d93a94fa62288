import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { PreparedPdf, SignatureField } from '#trust/pdf/prepare-signature.ts'
import type { DrawAnswer, DrawRequest } from './draw-thread.ts'
import type { OfficialDocument } from './official-document.ts'
import type { DrawingSettings } from './render-document.ts'

export interface Renderer {
  /** PDF/A-3a with an empty field for a signature. The same document, code, instant and field give the same bytes. */
  draw(document: OfficialDocument, code: string, createdAt: Date, field: SignatureField): Promise<PreparedPdf>
  close(): Promise<void>
}

interface Waiting {
  resolve(prepared: PreparedPdf): void
  reject(error: Error): void
}

/** One thread that draws; a document costs it some milliseconds that the requests of others then do not wait for. */
interface Thread {
  worker: Worker
  waiting: Map<number, Waiting>
}

const script = new URL('./draw-thread.ts', import.meta.url)

/** Draws documents in threads of its own, one less than the machine has cores and one at least. A thread that dies is replaced. */
export function openRenderer(settings: DrawingSettings): Renderer {
  const count = Math.max(1, availableParallelism() - 1)
  const threads: Thread[] = []
  let next = 0
  let closed = false
  const fill = (place: number): void => {
    const thread = startThread(settings)
    thread.worker.once('exit', () => closed || fill(place))
    threads[place] = thread
  }
  for (let place = 0; place < count; place += 1) fill(place)
  return {
    draw(document, code, createdAt, field) {
      next += 1
      const place = threads.reduce(
        (least, thread, i) => (thread.waiting.size < threads[least]!.waiting.size ? i : least),
        0,
      )
      return ask(threads[place]!, { id: next, document, code, createdAt, field })
    },
    async close() {
      closed = true
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

function startThread(settings: DrawingSettings): Thread {
  const worker = new Worker(script, { workerData: settings })
  const waiting = new Map<number, Waiting>()
  worker.unref()
  worker.on('message', (answer: DrawAnswer) => {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('prepared' in answer) {
      // Between threads a Buffer becomes the array it is made on.
      const { buffer, byteOffset, byteLength } = answer.prepared.pdf
      asked?.resolve({ ...answer.prepared, pdf: Buffer.from(buffer, byteOffset, byteLength) })
    } else asked?.reject(new Error(`a document cannot be drawn: ${answer.fault}`))
  })
  const lost = (error?: Error) => {
    for (const { reject } of waiting.values()) reject(error ?? new Error('the thread that draws documents ended'))
    waiting.clear()
  }
  worker.on('error', lost)
  worker.on('exit', () => lost())
  return { worker, waiting }
}

function ask({ worker, waiting }: Thread, request: DrawRequest): Promise<PreparedPdf> {
  return new Promise((resolve, reject) => {
    worker.postMessage(request)
    waiting.set(request.id, { resolve, reject })
  })
}
