import { resolve } from 'node:path'
import type { Environment } from './config.ts'
import { StartRefusal } from './kernel/embedded-postgres.ts'
import type { KeySource } from './modules/seals/index.ts'
import { readKeySource } from './read-key-source.ts'

/** An authority of time of our own, as an operator configures it (docs/operate/time-stamps.md). */
export interface TimeAuthority {
  key: KeySource
  /** Object identifier of the policy that every token names. */
  policy: string
  /** Whole milliseconds. */
  accuracy: number
  /** Where the line of `chronyc -c tracking` is found. */
  clockStatus: string
}

const ACCURACY = 1000
const LARGEST_ACCURACY = 60_000
const OTHERS = ['TSA_POLICY', 'TSA_ACCURACY_MS', 'TSA_CLOCK_STATUS']

/** @throws StartRefusal */
export function readTimeAuthority(environment: Environment): TimeAuthority | undefined {
  const key = readKeySource(environment, 'TSA')
  const stray = OTHERS.find((name) => environment[name])
  if (!key && stray) throw new StartRefusal(`${stray} goes with TSA_P12 or TSA_PKCS11_MODULE, and neither is set.`)
  if (!key) return undefined
  const { TSA_POLICY: policy = '', TSA_ACCURACY_MS, TSA_CLOCK_STATUS } = environment
  if (!/^[0-2](\.(0|[1-9]\d{0,15})){2,20}$/.test(policy))
    throw new StartRefusal('TSA_POLICY must be the object identifier of the policy under which time is stamped.')
  const accuracy = TSA_ACCURACY_MS ? Number(TSA_ACCURACY_MS) : ACCURACY
  if (!Number.isInteger(accuracy) || accuracy < 1 || accuracy > LARGEST_ACCURACY)
    throw new StartRefusal(`TSA_ACCURACY_MS must be a whole number from 1 to ${LARGEST_ACCURACY}.`)
  if (!TSA_CLOCK_STATUS)
    throw new StartRefusal(
      'TSA_CLOCK_STATUS must name the file that says whether the clock is synchronised: without it no time is stamped.',
    )
  return { key, policy, accuracy, clockStatus: resolve(TSA_CLOCK_STATUS) }
}
