interface Waiting<Asked, Answer> {
  asked: Asked
  done(answer: Answer): void
  failed(error: unknown): void
}

/** Of one statement, so that its parameters stay few. */
const MOST_AT_ONCE = 500

/**
 * What is asked while one statement is under way shares the next: a busy hour costs few commits. Never await it inside a transaction.
 * @param write all of them or none; answers in the order of what was asked
 */
export function writeTogether<Asked, Answer>(
  write: (batch: readonly Asked[]) => Promise<readonly Answer[]>,
): (asked: Asked) => Promise<Answer> {
  let waiting: Array<Waiting<Asked, Answer>> = []
  let writing = false

  async function writeAll(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_AT_ONCE)
      waiting = waiting.slice(MOST_AT_ONCE)
      try {
        const answers = await write(batch.map(({ asked }) => asked))
        for (const [i, { done }] of batch.entries()) done(answers[i]!)
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    writing = false
  }

  return (asked) =>
    new Promise((done, failed) => {
      waiting.push({ asked, done, failed })
      if (!writing) void writeAll()
    })
}
