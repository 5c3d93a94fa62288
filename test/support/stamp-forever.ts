import { readFileSync } from 'node:fs'
import { systemClock } from '#kernel/clock.ts'
import { openDatabase } from '#kernel/database.ts'
import { silentLog } from '#kernel/log.ts'
import { keyFromPkcs8 } from '#modules/seals/index.ts'
import { demoClockTrust, openTimestampAuthority } from '#modules/timestamping/index.ts'
import { writeTimestampRequest } from '#trust/timestamp/request.ts'
import { digestOf, POLICY } from './timestamps.ts'

/** An authority of time in a process of its own, which writes each answer as a line of base64 until it is killed. */
const { url, key, certificate } = JSON.parse(readFileSync(0, 'utf8')) as Record<'url' | 'key' | 'certificate', string>
const { db } = openDatabase(url, { max: 4 })
const authority = openTimestampAuthority({
  db,
  clock: systemClock,
  log: silentLog,
  key: keyFromPkcs8(Buffer.from(key, 'base64'), Buffer.from(certificate, 'base64'), []),
  trust: demoClockTrust,
  policy: POLICY,
  accuracy: 1000,
})
const request = writeTimestampRequest({ hash: 'sha256', digest: digestOf('act'), wantsCertificates: true })
const worker = async (): Promise<never> => {
  for (;;) process.stdout.write(`${(await authority.answer(request)).toString('base64')}\n`)
}
await Promise.all(Array.from({ length: 8 }, worker))
