import { pino } from 'pino'

export type Log = Pick<ReturnType<typeof pino>, 'info' | 'warn' | 'error' | 'debug'>

/**
 * JSON lines on standard error. Errors are written as name, code and stack only: a database error's `detail` and
 * `parameters` carry the row's values, and those are personal data.
 */
export function openLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
    },
    pino.destination({ dest: 2, sync: false }),
  )
}

export const silentLog: Log = pino({ level: 'silent' })

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  const { code } = error as { code?: unknown }
  const frames = error.stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 12)
  const fromDatabase = 'severity' in error
  return { name: error.name, code, message: fromDatabase ? 'database error' : error.message, at: frames }
}
