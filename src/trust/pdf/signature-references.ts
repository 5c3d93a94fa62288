import type { PdfDict, PdfRef, PdfValue } from './values.ts'
import { textString } from './write.ts'

/** What may be done after a certification (ISO 32000-1, 12.8.2.2): 1 nothing, 2 forms and signatures, 3 comments too. */
export type CertificationLevel = 1 | 2 | 3

/** The fields that nobody may change once this one is signed (ISO 32000-1, 12.8.2.4); those named stand for all below them. */
export interface FieldLock {
  action: 'All' | 'Include' | 'Exclude'
  /** Full names; none for `All`. */
  fields?: readonly string[]
  /** Of the document from then on (ISO 32000-2, table 236). */
  permissions?: CertificationLevel
}

const entries = (...pairs: Array<[string, PdfValue]>): PdfDict => new Map(pairs)

function lockEntries({ action, fields = [], permissions }: FieldLock): Array<[string, PdfValue]> {
  return [
    ['Action', { name: action }],
    ...(action === 'All' ? [] : [['Fields', fields.map(textString)] as [string, PdfValue]]),
    ...(permissions === undefined ? [] : [['P', permissions] as [string, PdfValue]]),
  ]
}

/** /Lock of a field. */
export const lockDict = (lock: FieldLock): PdfDict => entries(['Type', { name: 'SigFieldLock' }], ...lockEntries(lock))

/** /Reference of a signature: what it permits, as those who verify read it. Empty where it says nothing. */
export function signatureReferences(
  root: PdfRef,
  { certification, locks }: { certification?: CertificationLevel; locks: readonly FieldLock[] },
): PdfDict[] {
  const reference = (method: string, params: Array<[string, PdfValue]>, more: Array<[string, PdfValue]> = []) =>
    entries(
      ['Type', { name: 'SigRef' }],
      ['TransformMethod', { name: method }],
      ['TransformParams', entries(['Type', { name: 'TransformParams' }], ['V', { name: '1.2' }], ...params)],
      ...more,
    )
  return [
    ...(certification === undefined ? [] : [reference('DocMDP', [['P', certification]])]),
    ...locks.map((lock) => reference('FieldMDP', lockEntries(lock), [['Data', root]])),
  ]
}
