import type { Language } from '#kernel/texts.ts'
import { UsageRefusal } from '../read-options.ts'

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

/** What both commands take beside the key. */
export const signingOptions = {
  out: text,
  format: text,
  level: text,
  tsa: text,
  chain: text,
  enveloping: flag,
  visible: flag,
  page: text,
  rectangle: text,
  field: text,
  name: text,
  reason: text,
  location: text,
  certify: text,
  force: flag,
  language: text,
  json: flag,
} as const

export const SIGNING_USAGE =
  '--out FILE [--force] [--format pdf|cms|asic] [--tsa URL] [--level B|T|LT|LTA] [--chain FILE] [--enveloping] [--visible] [--page N] [--rectangle L,B,R,T] [--field NAME] [--name TEXT] [--reason TEXT] [--location TEXT] [--certify 1|2|3] [--language es|en] [--json]'

export const formats = ['pdf', 'cms', 'asic'] as const
export type SigningFormat = (typeof formats)[number]
export const levels = ['B', 'T', 'LT', 'LTA'] as const
export type SigningLevel = (typeof levels)[number]

/** What one run is to make. */
export interface SigningOrder {
  files: string[]
  out: string
  force: boolean
  /** Where absent, the first file decides: `pdf` for a PDF, else `cms`. */
  format: SigningFormat | undefined
  level: SigningLevel
  tsa: string | undefined
  /** PEM or DER of authorities above the signer. */
  chain: string | undefined
  enveloping: boolean
  pdf: PdfOrder
  language: Language
}

export interface PdfOrder {
  field: string | undefined
  name: string | undefined
  reason: string | undefined
  location: string | undefined
  certification: 1 | 2 | 3 | undefined
  /** Undefined: not seen. */
  place: { page: number; rectangle: [number, number, number, number] } | undefined
}

type Values = {
  [Name in keyof typeof signingOptions]?: (typeof signingOptions)[Name]['type'] extends 'string' ? string : boolean
}

/** @throws UsageRefusal that says what does not go together */
export function readOrder(values: Values, files: string[], usage: string): SigningOrder {
  const refuse = (reason: string) => new UsageRefusal(usage, reason)
  if (files.length === 0 || !values.out) throw new UsageRefusal(usage)
  const format = oneOf(values.format, formats, 'format', refuse)
  const level = oneOf(values.level, levels, 'level', refuse) ?? (values.tsa ? 'T' : 'B')
  if (level !== 'B' && !values.tsa) throw refuse(`--level ${level} needs --tsa, the authority that stamps its time`)
  if (level === 'B' && values.tsa) throw refuse('--level B has no time-stamp: leave --tsa out')
  if (values.tsa && !/^https?:\/\//.test(values.tsa)) throw refuse('--tsa is the address of an RFC 3161 authority')
  if (values.tsa && !URL.canParse(values.tsa)) throw refuse('--tsa is no address')
  if (files.length > 1 && format !== 'asic') throw refuse('Only a container (--format asic) takes several files')
  if (values.enveloping && format !== 'cms') throw refuse('--enveloping goes with --format cms')
  const pdf = readPdfOrder(values, refuse)
  const asked = PDF_FLAGS.find((name) => values[name] !== undefined)
  if (asked && format !== undefined && format !== 'pdf') throw refuse(`--${asked} goes with --format pdf`)
  return {
    files,
    out: values.out,
    force: values.force ?? false,
    format: format ?? (asked ? 'pdf' : undefined),
    level,
    tsa: values.tsa,
    chain: values.chain,
    enveloping: values.enveloping ?? false,
    pdf,
    language: oneOf(values.language, ['es', 'en'], 'language', refuse) ?? 'es',
  }
}

const PDF_FLAGS = ['visible', 'page', 'rectangle', 'field', 'name', 'reason', 'location', 'certify'] as const

/** Points from the lower left corner of the page: the size of a card. */
const USUAL_PLACE: [number, number, number, number] = [36, 36, 236, 96]

function readPdfOrder(values: Values, refuse: (reason: string) => UsageRefusal): PdfOrder {
  const { field, name, reason, location, rectangle, page = '1' } = values
  if ((rectangle || values.page) && !values.visible) throw refuse('--page and --rectangle go with --visible')
  if (!/^[1-9]\d{0,5}$/.test(page)) throw refuse('--page is a number from 1')
  const sides = rectangle === undefined ? USUAL_PLACE : rectangle.split(',').map(Number)
  if (sides.length !== 4 || !sides.every(Number.isFinite)) throw refuse('--rectangle is four numbers: L,B,R,T')
  const certify = oneOf(values.certify, ['1', '2', '3'], 'certify', refuse)
  return {
    field,
    name,
    reason,
    location,
    certification: certify && (Number(certify) as 1 | 2 | 3),
    place: values.visible ? { page: Number(page), rectangle: sides as [number, number, number, number] } : undefined,
  }
}

function oneOf<Known extends string>(
  value: string | undefined,
  known: readonly Known[],
  name: string,
  refuse: (reason: string) => UsageRefusal,
): Known | undefined {
  if (value === undefined) return undefined
  const found = known.find((each) => each === value)
  if (!found) throw refuse(`--${name} is ${known.join(', ')}`)
  return found
}
