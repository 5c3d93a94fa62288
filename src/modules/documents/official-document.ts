import type { Language } from '#kernel/texts.ts'

export const documentKinds = [
  'application',
  'receipt',
  'prevention',
  'prevention-answer',
  'decision',
  'tacit-certificate',
  'notice-receipt',
  'constancia',
  'withdrawal',
  'role-grant',
  'validation-report',
] as const
export type DocumentKind = (typeof documentKinds)[number]

/** What a document says, part by part. People's words are text here and nothing else. */
export type Block =
  | { kind: 'heading' | 'text' | 'strong' | 'small'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'rows'; rows: Array<[label: string, value: string]> }

export interface EmbeddedPart {
  name: string
  type: string
  bytes: Uint8Array
  relationship: 'data' | 'supplement'
  description: string
}

/** An official document before it is drawn. */
export interface OfficialDocument {
  kind: DocumentKind
  language: Language
  title: string
  subtitle?: string
  /** The authority, as it signs. */
  institution: string
  unit?: string
  folio?: string
  blocks: Block[]
  /** Nobody keeps a copy: there is no code under which the original could be found. */
  unkept?: true
  /** What the act is, for programs: embedded as canonical JSON, `data.json`. */
  data: unknown
  attachments?: EmbeddedPart[]
}

export const heading = (text: string): Block => ({ kind: 'heading', text })
export const paragraph = (text: string): Block => ({ kind: 'text', text })
export const strong = (text: string): Block => ({ kind: 'strong', text })
export const small = (text: string): Block => ({ kind: 'small', text })
export const rows = (pairs: Array<[string, string | null | undefined]>): Block => ({
  kind: 'rows',
  rows: pairs.filter((pair): pair is [string, string] => pair[1] !== null && pair[1] !== undefined && pair[1] !== ''),
})
