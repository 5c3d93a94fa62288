import { createHmac, timingSafeEqual } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Explanation } from './explanation.ts'

/** An explanation on its way through somebody's page. */
export interface Carried {
  explanation: Explanation
  fileName: string
}

const MINUTES = 60
/** Characters: a page stays a page. */
const LONGEST = 400_000
const LARGEST = 16 * 1024 * 1024
const MAC = 32

/**
 * What was found out, for the page that shows it to carry back when the report is wanted: so nothing of anybody's file is kept here. The
 * data inside the file do not go along.
 * @returns undefined where it is more than a page can carry
 */
export function carry({ explanation, fileName }: Carried, key: Buffer, now: Date): string | undefined {
  const { data: _, ...rest } = explanation
  const bytes = deflateRawSync(serialize({ explanation: rest, fileName, until: now.getTime() + MINUTES * 60_000 }))
  const text = Buffer.concat([macOf(bytes, key), bytes]).toString('base64url')
  return text.length > LONGEST ? undefined : text
}

/** @returns undefined for what this shop did not write, or too long ago */
export function takeCarried(text: string, key: Buffer, now: Date): Carried | undefined {
  if (text.length > LONGEST) return undefined
  const bytes = Buffer.from(text, 'base64url')
  const inside = bytes.subarray(MAC)
  // Nothing is unpacked that was not written here.
  if (bytes.length <= MAC || !timingSafeEqual(bytes.subarray(0, MAC), macOf(inside, key))) return undefined
  const { explanation, fileName, until } = deserialize(
    inflateRawSync(inside, { maxOutputLength: LARGEST }),
  ) as Carried & {
    until: number
  }
  return now.getTime() <= until ? { explanation, fileName } : undefined
}

const macOf = (bytes: Buffer, key: Buffer): Buffer =>
  createHmac('sha256', key).update('verification report\n').update(bytes).digest()
