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
  /** It has answered something. */
  drew: boolean
  ended: boolean
}

/** Milliseconds. */
const SHORTEST_PAUSE = 10
const LONGEST_PAUSE = 10_000

const script = new URL('./draw-thread.ts', import.meta.url)

/** Draws documents in threads of its own, one less than the machine has cores and one at least. A thread that dies is replaced. */
export function openRenderer(settings: DrawingSettings): Renderer {
  const count = Math.max(1, availableParallelism() - 1)
  const threads: Thread[] = []
  let next = 0
  let closed = false
  const fill = (place: number, pause: number): void => {
    const thread = startThread(settings)
    threads[place] = thread
    thread.worker.once('exit', () => {
      if (closed) return
      // One that cannot even start would otherwise be started again and again; what is asked meanwhile is told so.
      const next = thread.drew ? SHORTEST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE)
      setTimeout(() => closed || fill(place, next), next).unref()
    })
  }
  for (let place = 0; place < count; place += 1) fill(place, SHORTEST_PAUSE)
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
  const thread: Thread = { worker, waiting: new Map(), drew: false, ended: false }
  const { waiting } = thread
  worker.unref()
  worker.on('message', (answer: DrawAnswer) => {
    thread.drew = true
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('prepared' in answer) {
      // Between threads a Buffer becomes the array it is made on.
      const { buffer, byteOffset, byteLength } = answer.prepared.pdf
      asked?.resolve({ ...answer.prepared, pdf: Buffer.from(buffer, byteOffset, byteLength) })
    } else asked?.reject(new Error(`a document cannot be drawn: ${answer.fault}`))
  })
  const lost = (error: Error) => {
    thread.ended = true
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('error', lost)
  worker.on('exit', () => lost(noThread()))
  return thread
}

const noThread = (): Error => new Error('the thread that draws documents ended')

function ask({ worker, waiting, ended }: Thread, request: DrawRequest): Promise<PreparedPdf> {
  return new Promise((resolve, reject) => {
    if (ended) throw noThread()
    worker.postMessage(request)
    waiting.set(request.id, { resolve, reject })
  })
}
