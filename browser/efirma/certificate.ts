import { BIT_STRING, type Der, INTEGER, readItems, readWhole, SEQUENCE, toHex } from './der.ts'
import { Failure } from './failure.ts'
import { ALGORITHM } from './open-key.ts'

export interface OpenedCertificate {
  der: Uint8Array<ArrayBuffer>
  /** Verifies what its key signed. */
  publicKey: CryptoKey
}

/** Whose the certificate says it is, to be shown; whether it is to be believed, the server says. */
export interface Holder {
  name: string
  /** Of the company where there is one, else of the person; empty where it names none. */
  taxpayer: string
  /** Its digits, or hexadecimal where it is not made of digits. */
  serial: string
  until: Date
}

const LARGEST = 65_536
const CONTEXT_0 = 0xa0
const SET = 0x31
const COMMON_NAME = '550403'
const NAME = '550429'
/** x500UniqueIdentifier: a text here, not the bit string of the standard. */
const UNIQUE_IDENTIFIER = '55042d'

/**
 * Reads only the public key.
 * @throws Failure `certificate-unreadable`
 */
export async function openCertificate(file: Uint8Array): Promise<OpenedCertificate> {
  try {
    const { keyInfo } = readFields(file)
    const spki = Uint8Array.from(keyInfo.whole)
    const publicKey = await crypto.subtle.importKey('spki', spki, ALGORITHM, false, ['verify'])
    return { der: Uint8Array.from(file), publicKey }
  } catch {
    throw new Failure('certificate-unreadable')
  }
}

/** Undefined for what is no certificate or names nobody. */
export function readHolder(file: Uint8Array): Holder | undefined {
  try {
    const { serial, validity, subject } = readFields(file)
    const texts = readSubject(subject)
    const name = texts.get(COMMON_NAME) ?? texts.get(NAME)
    if (!name) return undefined
    const taxpayer = (texts.get(UNIQUE_IDENTIFIER) ?? '').split('/')[0]!.trim().toUpperCase()
    return { name, taxpayer, serial: readSerial(serial), until: readTime(readItems(validity)[1]!) }
  } catch {
    return undefined
  }
}

interface Fields {
  serial: Der
  validity: Der
  subject: Der
  keyInfo: Der
}

/** The fields of a TBSCertificate (RFC 5280, 4.1) that are read here. */
function readFields(file: Uint8Array): Fields {
  if (file.length > LARGEST) throw new RangeError('too large')
  const [body, algorithm, signature] = readItems(readWhole(file, SEQUENCE))
  if (body?.tag !== SEQUENCE || algorithm?.tag !== SEQUENCE || signature?.tag !== BIT_STRING)
    throw new RangeError('not a certificate')
  const all = readItems(body)
  const [serial, , , validity, subject, keyInfo] = all[0]?.tag === CONTEXT_0 ? all.slice(1) : all
  if (serial?.tag !== INTEGER || [validity, subject, keyInfo].some((each) => each?.tag !== SEQUENCE))
    throw new RangeError('not a certificate')
  return { serial, validity: validity!, subject: subject!, keyInfo: keyInfo! }
}

/** The first text of each kind of attribute, by its identifier in hexadecimal. */
function readSubject(subject: Der): Map<string, string> {
  const texts = new Map<string, string>()
  for (const { tag, content } of readItems(subject).flatMap((set) => (set.tag === SET ? readItems(set) : []))) {
    const [type, value] = readItems({ content })
    if (tag !== SEQUENCE || !type || !value) throw new RangeError('not a name')
    const key = toHex(type.content)
    if (!texts.has(key)) texts.set(key, readText(value))
  }
  return texts
}

/** Authorities put Ñ and accents into one-byte types as UTF-8 or as Latin-1. */
function readText({ tag, content }: Der): string {
  if (tag === 0x1e) return tidy(new TextDecoder('utf-16be').decode(content))
  try {
    return tidy(new TextDecoder('utf-8', { fatal: true }).decode(content))
  } catch {
    return tidy(new TextDecoder('latin1').decode(content))
  }
}

const tidy = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim()

function readSerial({ content }: Der): string {
  const digits = content.every((byte) => byte >= 0x30 && byte <= 0x39)
  return digits ? String.fromCharCode(...content) : toHex(content)
}

/** UTCTime or GeneralizedTime in the form of RFC 5280, 4.1.2.5: two digits below 50 are of this century. */
function readTime({ tag, content }: Der): Date {
  const written = String.fromCharCode(...content)
  const text = tag === 0x17 ? `${Number(written.slice(0, 2)) < 50 ? '20' : '19'}${written}` : written
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!parts) throw new RangeError('not a time')
  const [, year, month, day, hour, minute, second] = parts
  const instant = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(instant.getTime())) throw new RangeError('not a time')
  return instant
}
