import { parentPort, workerData } from 'node:worker_threads'
import type { PreparedPdf, SignatureField } from '#trust/pdf/prepare-signature.ts'
import type { OfficialDocument } from './official-document.ts'
import { type DrawingSettings, openDrawing } from './render-document.ts'

export interface DrawRequest {
  id: number
  document: OfficialDocument
  code: string
  createdAt: Date
  /** The empty field that it gets for whoever is to sign it. */
  field: SignatureField
}

export type DrawAnswer = { id: number; prepared: PreparedPdf } | { id: number; fault: string }

/** The thread's whole life: one document after the other, each answered, whatever comes of it. */
const draw = await openDrawing(workerData as DrawingSettings)
parentPort!.on('message', ({ id, document, code, createdAt, field }: DrawRequest) => {
  const answer = answerTo(id, () => draw(document, code, createdAt, field))
  parentPort!.postMessage(answer)
})

function answerTo(id: number, make: () => PreparedPdf): DrawAnswer {
  try {
    return { id, prepared: make() }
  } catch (error) {
    return { id, fault: error instanceof Error ? error.message : String(error) }
  }
}
