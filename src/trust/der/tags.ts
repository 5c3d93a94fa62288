/** Identifier octets (X.690, 8.1.2) as they stand in DER: class, form and number in one byte. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  generalString: 0x1b,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/** `[n]` constructed: explicit, or implicit over a SEQUENCE or SET. */
export const context = (number: number): number => 0xa0 | number
/** `[n]` primitive: implicit over a primitive type. */
export const contextPrimitive = (number: number): number => 0x80 | number
