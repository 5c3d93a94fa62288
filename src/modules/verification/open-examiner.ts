import { Worker } from 'node:worker_threads'
import { sha256 } from '#kernel/bytes.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { VerificationCode } from './errors.ts'
import type { ExamineAnswer, ExamineRequest } from './examine-thread.ts'
import type { Explanation } from './explanation.ts'
import type { readTrustedHere } from './trusted-here.ts'

export interface Examiner {
  /**
   * Everything the document says about itself, judged by what this installation trusts. Rejects for no bytes, only for faults of ours.
   * @param from who asks, as far as it can be told: nobody has more than some files waiting
   * @param content what a detached signature is over
   * @throws Refusal `verify-busy`
   */
  examine(bytes: Buffer, now: Date, from?: string, content?: Buffer): Promise<Explanation>
  close(): Promise<void>
}

interface Settings {
  place: Parameters<typeof readTrustedHere>[0]
  /** A file that takes longer is not examined to the end. */
  milliseconds?: number
  script?: URL
}

const MILLISECONDS = 10_000
/** Files waiting and in hand: in all, and of one who asks. Each is in memory, and may take as long as it may. */
const MOST_WAITING = 16
const MOST_OF_ONE = 4
const MEGABYTES = 512

/**
 * Examines files of strangers in a thread of its own, one after the other: whatever a file is made to cost, nobody else's request
 * waits for it, and when it costs too much only the thread ends.
 */
export function openExaminer({ place, milliseconds = MILLISECONDS, script = SCRIPT }: Settings): Examiner {
  let last: Promise<unknown> = Promise.resolve()
  const start = (): Worker => {
    const started = new Worker(script, { workerData: place, resourceLimits: { maxOldGenerationSizeMb: MEGABYTES } })
    started.unref()
    // Who waits for it hears of it below; when nobody waits it is the end of a thread that was given up.
    started.on('error', () => {})
    started.once('exit', () => {
      if (worker === started) worker = undefined
    })
    return started
  }
  // At once: the first who asks does not wait for a thread to begin.
  let worker: Worker | undefined = start()
  const examine = async (request: ExamineRequest): Promise<Explanation> => {
    worker ??= start()
    const asked = worker
    const answer = await ask(asked, request, milliseconds)
    if (answer && 'fault' in answer) throw new Error(`a document cannot be examined: ${answer.fault}`)
    if (answer) return answer.explanation
    if (worker === asked) worker = undefined
    await asked.terminate()
    return tooCostly(request.bytes)
  }
  const waiting: string[] = []
  return {
    async examine(bytes, now, from = '', content) {
      const ofThem = waiting.filter((each) => each === from).length
      if (waiting.length >= MOST_WAITING || (from !== '' && ofThem >= MOST_OF_ONE))
        throw new Refusal<VerificationCode>('verify-busy', {}, 503)
      waiting.push(from)
      const answer = last.then(() => examine({ bytes, now, content }))
      last = answer.catch(() => {})
      try {
        return await answer
      } finally {
        waiting.splice(waiting.indexOf(from), 1)
      }
    },
    async close() {
      await worker?.terminate()
    },
  }
}

const SCRIPT = new URL('./examine-thread.ts', import.meta.url)

/** @returns undefined where the thread ended or took too long */
function ask(worker: Worker, request: ExamineRequest, milliseconds: number): Promise<ExamineAnswer | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(undefined), milliseconds)
    const lost = () => finish(undefined)
    const finish = (answer: ExamineAnswer | undefined) => {
      clearTimeout(timer)
      worker.off('message', finish).off('error', lost).off('exit', lost)
      resolve(answer)
    }
    worker.once('message', finish).once('error', lost).once('exit', lost)
    worker.postMessage(request)
  })
}

function tooCostly(bytes: Uint8Array): Explanation {
  return {
    verdict: 'unreadable',
    format: 'unknown',
    sound: false,
    trusted: false,
    sha256: sha256(bytes).toString('hex'),
    kind: undefined,
    folio: undefined,
    code: undefined,
    findings: [],
    log: undefined,
    data: undefined,
    demo: false,
    problem: 'too-large',
    reason: 'the file takes too long to read',
    report: undefined,
  }
}
