import { OID } from '#trust/der/oids.ts'
import { DerError, type DerValue, TAG } from '#trust/der/read.ts'
import { isTextTag } from '#trust/der/read-text.ts'

export interface NameAttribute {
  oid: string
  /** The text of a string type; for any other type `#` and the hexadecimal of its DER (RFC 4514, 2.4). */
  value: string
  tag: number
}

export interface Name {
  /** As it stands in the certificate. */
  der: Buffer
  /** Every attribute in the order of the name. */
  attributes: NameAttribute[]
  /** One text for each relative name, equal where RFC 5280 (7.1) calls the names equal. */
  rdnKeys: string[]
  /** The same for the whole name; `''` for the empty name. */
  key: string
}

const MOST_ATTRIBUTES = 200

/** A Name (RDNSequence). Throws DerError. */
export function parseName(value: DerValue): Name {
  const attributes: NameAttribute[] = []
  const rdnKeys: string[] = []
  for (const item of value.items()) {
    const rdn = parseRdn(item)
    attributes.push(...rdn.attributes)
    rdnKeys.push(rdn.key)
    if (attributes.length > MOST_ATTRIBUTES) throw new DerError('too-many-values', item.start)
  }
  return { der: value.bytes, attributes, rdnKeys, key: nameKey(rdnKeys) }
}

/** The key of a name made of relative names. */
export const nameKey = (rdnKeys: string[]): string => rdnKeys.join('\n')

/** One relative name (SET OF attributes). Throws DerError. */
export function parseRdn(value: DerValue): { attributes: NameAttribute[]; key: string } {
  const attributes = value.items(TAG.set).map(parseAttribute)
  if (attributes.length === 0) throw new DerError('truncated', value.start)
  return { attributes, key: attributes.map(attributeKey).sort().join('+') }
}

function parseAttribute(item: DerValue): NameAttribute {
  const cursor = item.sequence()
  const oid = cursor.next().oid()
  const value = cursor.next()
  cursor.done()
  return { oid, value: value.isText ? value.text() : `#${value.bytes.toString('hex')}`, tag: value.tag }
}

// JSON quotes the text, so that it can pass neither for a separator nor for the hexadecimal of another type.
function attributeKey({ oid, value, tag }: NameAttribute): string {
  return `${oid}=${isTextTag(tag) ? JSON.stringify(foldText(value)) : value}`
}

const PLAIN = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/
const SPACES = /[\s\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu
const NOTHING = /\p{Cc}|\p{Cf}|\p{Variation_Selector}|\ufffc|\u034f/gu

/** The string preparation of RFC 5280 (7.1): case folded, NFKC, blanks trimmed and run together, the invisible left out. */
function foldText(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase()
  const mapped = foldCase(text.replace(SPACES, ' ').replace(NOTHING, '').normalize('NFKC'))
  return mapped.normalize('NFKC').replace(SPACES, ' ').trim()
}

/** Case folding, not lower case: ß is ss, and a sigma at the end is one too (RFC 4518, 2.2). */
const foldCase = (text: string): string => text.toUpperCase().toLowerCase().replaceAll('ς', 'σ')

export const sameName = (a: Name, b: Name): boolean => a.key === b.key

/** The values of one kind of attribute, in order. */
export function attributeValues(name: Name, oid: string): string[] {
  return name.attributes.filter((each) => each.oid === oid).map((each) => each.value)
}

/** The first value of one kind of attribute. */
export function attributeValue(name: Name, oid: string): string | undefined {
  return name.attributes.find((each) => each.oid === oid)?.value
}

/** What people call its owner: whoever made the name chose the text. */
export const nameToShow = (name: Name): string =>
  attributeValue(name, OID.commonName) ?? attributeValue(name, OID.organizationName) ?? '?'
