import { checkSetOrder, type DerValue, TAG } from '#trust/der/read.ts'
import { CmsError } from './errors.ts'

export interface Attribute {
  type: string
  /** What an archive time-stamp's index hashes before each value. */
  typeValue: DerValue
  values: DerValue[]
}

export interface Attributes {
  /** DER of the SET OF: what is signed. */
  bytes: Buffer
  /** OID → its values; of signed ones each type stands once. */
  values: ReadonlyMap<string, DerValue[]>
  /** One after the other, as they are in the message. */
  items: readonly Attribute[]
}

const MOST_ATTRIBUTES = 64
const MOST_VALUES = 64

/** Signed ones must stand in DER's order and each type once, or the signature would cover other bytes than are shown. */
export function readAttributes(implicit: DerValue, signed: boolean): Attributes {
  const set = implicit.as(TAG.set)
  const items = atMost(set, MOST_ATTRIBUTES, 'bad-attributes').map(readAttribute)
  if (items.length === 0) throw new CmsError('bad-attributes')
  if (signed) checkSetOrder(set)
  const values = new Map<string, DerValue[]>()
  for (const item of items) {
    const known = values.get(item.type)
    if (known && signed) throw new CmsError('bad-attributes')
    values.set(item.type, known ? [...known, ...item.values] : item.values)
  }
  // The identifier alone differs from the SET OF that is signed.
  const bytes = Buffer.from(implicit.bytes)
  bytes[0] = TAG.set
  return { bytes, values, items }
}

function readAttribute(item: DerValue): Attribute {
  const fields = item.sequence()
  const type = fields.next(TAG.oid)
  const values = atMost(fields.next(TAG.set), MOST_VALUES, 'bad-attributes')
  fields.done()
  if (values.length === 0) throw new CmsError('bad-attributes')
  return { type: type.oid(), typeValue: type, values }
}

/** The values inside, which must not be more: they are counted before any is kept. */
export function atMost(value: DerValue, most: number, fault: CmsError['fault']): DerValue[] {
  const found: DerValue[] = []
  const cursor = value.inside()
  while (cursor.more()) {
    if (found.length === most) throw new CmsError(fault)
    found.push(cursor.next())
  }
  return found
}
