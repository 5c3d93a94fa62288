import { KeyFault } from '../signing-key.ts'
import { PinRefused, type TokenProcess } from './token-processes.ts'

export interface Sessions {
  use<T>(work: (session: TokenProcess) => Promise<T>): Promise<T>
  close(): void
}

interface SessionsParts {
  first: TokenProcess
  start(): Promise<TokenProcess>
  most: number
  patience: number
}

/** Sessions one after the other in as many hands as there are; who waits too long is told so. */
export function openSessions({ first, start, most, patience }: SessionsParts): Sessions {
  const idle: TokenProcess[] = [first]
  const living = new Set<TokenProcess>([first])
  const queue: Array<(session: TokenProcess | undefined) => void> = []
  let starting = 0
  let refused: KeyFault | undefined
  let closed = false

  async function open(): Promise<TokenProcess> {
    starting += 1
    try {
      const session = await start()
      living.add(session)
      if (closed) session.end()
      return session
    } catch (error) {
      if (error instanceof PinRefused) refused = error
      release(undefined)
      throw error
    } finally {
      starting -= 1
    }
  }

  function waitForOne(): Promise<TokenProcess | undefined> {
    return new Promise((resolve, reject) => {
      const turn = (session: TokenProcess | undefined) => {
        clearTimeout(timer)
        resolve(session)
      }
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(turn), 1)
        reject(new KeyFault('the token is too busy'))
      }, patience)
      queue.push(turn)
    })
  }

  function idleOne(): TokenProcess | undefined {
    for (let session = idle.pop(); session; session = idle.pop()) {
      if (session.isAlive()) return session
      living.delete(session)
    }
    return undefined
  }

  async function take(): Promise<TokenProcess> {
    if (refused) throw refused
    if (closed) throw new KeyFault('the key is closed')
    const free = idleOne()
    if (free) return free
    if (living.size + starting < most) return open()
    return (await waitForOne()) ?? take()
  }

  /** A session handed on, or the room of one that is lost. */
  function release(session: TokenProcess | undefined): void {
    const next = queue.shift()
    if (next) next(session)
    else if (session) idle.push(session)
  }

  async function once<T>(work: (session: TokenProcess) => Promise<T>): Promise<T> {
    const session = await take()
    try {
      const done = await work(session)
      release(session)
      return done
    } catch (error) {
      if (error instanceof PinRefused) refused = error
      living.delete(session)
      release(undefined)
      throw error
    }
  }

  return {
    use: (work) =>
      once(work).catch((error: unknown) => {
        if (!(error instanceof KeyFault) || error instanceof PinRefused || refused || closed) throw error
        return once(work)
      }),
    close() {
      closed = true
      for (const session of living) session.end()
      for (const turn of queue.splice(0)) turn(undefined)
    },
  }
}
