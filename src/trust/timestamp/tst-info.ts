import { type GeneralName, parseGeneralName } from '#trust/certificate/general-name.ts'
import { parseExtension } from '#trust/certificate/parse-certificate.ts'
import { context, DerError, type DerValue, readDer, TAG } from '#trust/der/read.ts'
import { contextPrimitive, integer, oid, raw, sequence, tlv } from '#trust/der/write.ts'
import { TimestampError } from './errors.ts'
import { type MessageImprint, readImprint } from './message-imprint.ts'
import { readNonce, writeNonce } from './request.ts'

/** What a token says (RFC 3161, 2.4.2, TSTInfo). */
export interface TstInfo {
  policy: string
  imprint: MessageImprint
  /** The content bytes of the INTEGER, not negative. */
  serial: Buffer
  time: Date
  /** Milliseconds to both sides; undefined where the authority does not say, or says it in its policy. */
  accuracy: number | undefined
  /** Whether any two tokens of this authority can be put in order by their times alone. */
  ordering: boolean
  nonce: Buffer | undefined
  /** Who the authority says it is. */
  authority: GeneralName | undefined
}

/** RFC 3161, 2.4.2: up to 160 bits; a byte more for the sign. */
const LONGEST_SERIAL = 21

/** One TSTInfo, strict DER to the last byte. Throws TimestampError or DerError, nothing else. */
export function readTstInfo(bytes: Uint8Array): TstInfo {
  const fields = readDer(bytes, { maxBytes: 64 * 1024, maxDepth: 16, maxValues: 2000 }).sequence()
  if (fields.next(TAG.integer).smallInteger() !== 1) throw new TimestampError('badDataFormat', 'a version other than 1')
  const policy = fields.next(TAG.oid).oid()
  const imprint = readImprint(fields.next())
  const serial = fields.next(TAG.integer).integer()
  if (serial.length > LONGEST_SERIAL || serial[0]! >= 0x80)
    throw new TimestampError('badDataFormat', 'a serial number that is negative or too large')
  const time = fields.next(TAG.generalizedTime).time({ fractions: true })
  const accuracy = readAccuracy(fields.optional(TAG.sequence))
  const ordering = fields.optional(TAG.boolean)?.boolean() ?? false
  const nonce = readNonce(fields)
  const named = fields.optional(context(0))
  readExtensions(fields.optional(context(1)))
  fields.done()
  return {
    policy,
    imprint,
    serial,
    time,
    accuracy,
    ordering,
    nonce,
    authority: named && parseGeneralName(named.explicit()),
  }
}

/** Seconds, then parts of one from 1 to 999 (RFC 3161, 2.4.2). */
function readAccuracy(value: DerValue | undefined): number | undefined {
  if (!value) return undefined
  const fields = value.inside()
  const seconds = fields.optional(TAG.integer)?.smallInteger() ?? 0
  const [millis, micros] = [0x80, 0x81].map((tag) => fields.optional(tag)?.as(TAG.integer).smallInteger() ?? 0)
  fields.done()
  if (seconds < 0 || [millis, micros].some((part) => part! < 0 || part! > 999))
    throw new DerError('bad-integer', value.start)
  return seconds * 1000 + millis! + micros! / 1000
}

/** None is known here: one that must be understood is not. Others say what nobody has to know, each once. */
function readExtensions(value: DerValue | undefined): void {
  const seen = new Set<string>()
  for (const item of value?.children() ?? []) {
    const extension = parseExtension(item)
    if (extension.critical || seen.has(extension.oid))
      throw new TimestampError('unacceptedExtension', 'an extension that is not known here, or twice')
    seen.add(extension.oid)
  }
}

export interface TstInfoParts {
  policy: string
  /** DER of the MessageImprint, as it was asked for. */
  imprint: Uint8Array
  /** Big-endian, not negative, at most 20 bytes. */
  serial: Uint8Array
  /** Written with its milliseconds. */
  time: Date
  /** Whole milliseconds. */
  accuracy?: number
  nonce?: Uint8Array
}

/** DER of a TSTInfo. `ordering` is left out: its default says that times alone may not put two tokens in order. */
export function writeTstInfo({ policy, imprint, serial, time, accuracy, nonce }: TstInfoParts): Buffer {
  return sequence(
    integer(1),
    oid(policy),
    raw(imprint),
    integer(serial),
    writeTime(time),
    ...(accuracy === undefined ? [] : [writeAccuracy(accuracy)]),
    ...(nonce ? [writeNonce(nonce)] : []),
  )
}

/** GeneralizedTime with a fraction that ends in no zero (RFC 3161, 2.4.2). */
function writeTime(time: Date): Buffer {
  const digits = time.toISOString().replace(/[-:T]|Z$/g, '')
  const [whole, fraction] = digits.split('.') as [string, string]
  const rest = fraction.replace(/0+$/, '')
  return tlv(TAG.generalizedTime, Buffer.from(`${whole}${rest && `.${rest}`}Z`, 'latin1'))
}

function writeAccuracy(milliseconds: number): Buffer {
  const [seconds, millis] = [Math.trunc(milliseconds / 1000), milliseconds % 1000]
  return sequence(
    ...(seconds > 0 ? [integer(seconds)] : []),
    // [0] IMPLICIT: the INTEGER's content.
    ...(millis > 0 ? [contextPrimitive(0, integer(millis).subarray(2))] : []),
  )
}
