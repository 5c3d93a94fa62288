import { parentPort, workerData } from 'node:worker_threads'
import type { OfficialDocument } from './official-document.ts'
import { openDrawing, type RendererSettings } from './render-document.ts'

export interface DrawRequest {
  id: number
  document: OfficialDocument
  code: string
  createdAt: Date
}

export type DrawAnswer = { id: number; pdf: Uint8Array<ArrayBuffer> } | { id: number; fault: string }

/** The thread's whole life: one document after the other, each answered, whatever comes of it. */
const draw = openDrawing(workerData as RendererSettings)
parentPort!.on('message', ({ id, document, code, createdAt }: DrawRequest) => {
  parentPort!.postMessage(answer(id, () => draw(document, code, createdAt)))
})

function answer(id: number, make: () => Buffer): DrawAnswer {
  try {
    return { id, pdf: Uint8Array.from(make()) }
  } catch (error) {
    return { id, fault: error instanceof Error ? error.message : String(error) }
  }
}
