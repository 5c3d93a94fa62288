import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { sha256 } from '#kernel/bytes.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Database } from '#kernel/database.ts'
import type { Log } from '#kernel/log.ts'
import { writeTogether } from '#kernel/write-together.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { TstInfoParts } from '#trust/timestamp/tst-info.ts'
import { type PreparedToken, prepareToken } from '#trust/timestamp/write-token.ts'

/** What the asker decides of a token. */
export type Asked = Pick<TstInfoParts, 'imprint' | 'nonce'>

/** The same for every token. */
export interface Given {
  policy: string
  /** Whole milliseconds. */
  accuracy: number
  certificate: Certificate
}

interface RecordParts {
  db: Database
  clock: Clock
  log: Pick<Log, 'info'>
}

/** A later time was stamped already than the clock says now, by more than may be between two servers. */
export class ClockBehind extends Error {}

/** How often another server may have been faster in between. */
const MOST_TRIES = 20
const SERIAL_BYTES = 20

/**
 * Gives each token its number and its time, and writes them down before the key is asked. Times never go back, whichever server stamps and
 * however its clock is set: a time earlier than the latest in the database is never given; what a clock lacks of it within half the
 * accuracy is made up for, more is refused.
 */
export function openIssueRecord({ db, clock, log, ...given }: Given & RecordParts) {
  return writeTogether(async (asked: readonly Asked[]) => {
    const issued = await issue(db, () => clock.now(), given, asked)
    return issued.map(({ serial, token }) => {
      log.info({ serial: serial.toString('hex') }, 'time stamped')
      return token
    })
  })
}

interface Issued {
  serial: Buffer
  token: PreparedToken
}

async function issue(db: Database, now: () => Date, given: Given, asked: readonly Asked[]): Promise<Issued[]> {
  let atLeast = 0
  for (let i = 0; i < MOST_TRIES; i += 1) {
    const reading = now().getTime()
    if (atLeast - reading > given.accuracy / 2) throw new ClockBehind('a later time was stamped already')
    const time = new Date(Math.max(reading, atLeast))
    const issued = asked.map((each): Issued => {
      const serial = newSerial()
      return { serial, token: prepareToken({ ...given, ...each, serial, time }, given.certificate) }
    })
    const latest = await store(db, time, given.certificate, issued)
    if (latest.getTime() <= time.getTime()) return issued
    atLeast = latest.getTime()
  }
  throw new ClockBehind('other servers stamp later times again and again')
}

/** 159 bits, none of them a sign, the first one set: always as long. */
function newSerial(): Buffer {
  const serial = randomBytes(SERIAL_BYTES)
  serial[0] = (serial[0]! & 0x7f) | 0x40
  return serial
}

/**
 * The latest time moves forward and the rows are there, or neither.
 * @returns the latest time after it; where that is later than `time` nothing was stored
 */
async function store(db: Database, time: Date, certificate: Certificate, issued: readonly Issued[]): Promise<Date> {
  const serials = issued.map(({ serial }) => serial)
  const digests = issued.map(({ token }) => sha256(token.content))
  const { rows } = await sql<{ at: Date }>`
    with latest as (
      insert into timestamping.latest as kept (at) values (${time})
      on conflict (one) do update set at = greatest(kept.at, excluded.at)
      returning at),
    stored as (
      insert into timestamping.issued (serial, at, certificate_sha256, content_sha256)
      select token.serial, ${time}, ${Buffer.from(certificate.sha256, 'hex')}, token.content_sha256
      from unnest(${serials}::bytea[], ${digests}::bytea[]) as token (serial, content_sha256), latest
      where latest.at <= ${time})
    select at from latest`.execute(db)
  return rows[0]!.at
}
