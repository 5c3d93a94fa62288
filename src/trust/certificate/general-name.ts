import { context, contextPrimitive, DerError, type DerValue, TAG } from '#trust/der/read.ts'
import { type Name, parseName } from './name.ts'

export type GeneralName =
  | { kind: 'email'; text: string }
  | { kind: 'dns'; text: string }
  | { kind: 'uri'; text: string }
  | { kind: 'directory'; name: Name }
  | { kind: 'ip'; bytes: Buffer }
  | { kind: 'registeredId'; oid: string }
  | { kind: 'other'; oid: string; value: DerValue }
  /** x400Address and ediPartyName: known by their kind alone. */
  | { kind: 'x400' | 'edi'; value: DerValue }

/** GeneralName (RFC 5280, 4.2.1.6). Throws DerError. */
export function parseGeneralName(value: DerValue): GeneralName {
  switch (value.tag) {
    case context(0):
      return parseOther(value)
    case contextPrimitive(1):
      return { kind: 'email', text: ascii(value) }
    case contextPrimitive(2):
      return { kind: 'dns', text: ascii(value) }
    case context(3):
      return { kind: 'x400', value }
    case context(4):
      return { kind: 'directory', name: parseName(value.explicit()) }
    case context(5):
      return { kind: 'edi', value }
    case contextPrimitive(6):
      return { kind: 'uri', text: ascii(value) }
    case contextPrimitive(7):
      return { kind: 'ip', bytes: value.content }
    case contextPrimitive(8):
      return { kind: 'registeredId', oid: value.as(TAG.oid).oid() }
    default:
      throw new DerError('unexpected-tag', value.start)
  }
}

/** GeneralNames: at least one. */
export function parseGeneralNames(value: DerValue): GeneralName[] {
  const names = value.items().map(parseGeneralName)
  if (names.length === 0) throw new DerError('truncated', value.start)
  return names
}

function parseOther(value: DerValue): GeneralName {
  const cursor = value.inside()
  const oid = cursor.next().oid()
  const inner = cursor.next(context(0)).explicit()
  cursor.done()
  return { kind: 'other', oid, value: inner }
}

// IA5String: what is not ASCII could not be compared with what is written elsewhere.
function ascii(value: DerValue): string {
  const { content } = value
  for (const byte of content) if (byte >= 0x80 || byte < 0x20) throw new DerError('bad-string', value.start)
  return content.toString('latin1')
}
