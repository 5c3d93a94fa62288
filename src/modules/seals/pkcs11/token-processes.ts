import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { KeyFault } from '../signing-key.ts'
import type { KeyPlace } from './token.ts'
import type { Answer, Question } from './token-process.ts'

/** One process with one session. */
export interface TokenProcess {
  /** DER, of the key, as the token holds them. */
  certificates: Uint8Array[]
  /** @throws KeyFault; afterwards the process is gone */
  ask(question: Question): Promise<Answer>
  isAlive(): boolean
  end(): void
}

/** The token said no to the PIN: whoever asks again may lock it. */
export class PinRefused extends KeyFault {}

const FILE = fileURLToPath(new URL('./token-process.ts', import.meta.url))

/** @param milliseconds a call may take; the token that takes longer loses its process */
export async function startTokenProcess(place: KeyPlace, pin: string, milliseconds: number): Promise<TokenProcess> {
  // Addresses with passwords in them are nothing that a maker's library has to see.
  const { DATABASE_URL: _, SMTP_URL: __, ...environment } = process.env
  const child = fork(FILE, {
    serialization: 'advanced',
    // What a module prints may be anything: it goes nowhere.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: environment,
  })
  // Whoever asks hears of its end.
  child.on('error', () => {})
  const end = () => void child.kill('SIGKILL')
  const ask = async (question: Question) => {
    const answer = await answerOf(child, question, milliseconds).catch((error: unknown) => {
      end()
      throw error
    })
    if (!('failed' in answer)) return answer
    end()
    throw answer.forGood ? new PinRefused(answer.failed) : new KeyFault(answer.failed)
  }
  const answer = await ask({ open: place, pin })
  return {
    certificates: 'opened' in answer ? answer.opened.certificates : [],
    ask,
    end,
    isAlive: () => child.connected,
  }
}

function answerOf(child: ChildProcess, question: Question, milliseconds: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(new KeyFault('the token does not answer'))), milliseconds)
    const settle = (then: () => void) => {
      clearTimeout(timer)
      child.off('message', onMessage)
      child.off('exit', onExit)
      then()
    }
    const onMessage = (answer: unknown) => settle(() => resolve(answer as Answer))
    const onExit = () => settle(() => reject(new KeyFault('the process that holds the token ended')))
    child.on('message', onMessage)
    child.on('exit', onExit)
    child.send(question, (error) => error && settle(() => reject(new KeyFault('the process of the token is gone'))))
  })
}
