import { PdfError } from './errors.ts'
import { PdfReader, type PdfValue } from './values.ts'

export interface Operation {
  operator: string
  operands: PdfValue[]
}

const MOST_OPERATIONS = 500_000
const MOST_OPERANDS = 200

/** The operations of a content stream (ISO 32000-1, 7.8.2), in order. An inline image is one, `BI`. @throws PdfError */
export function* readOperations(content: Buffer): Generator<Operation> {
  let operands: PdfValue[] = []
  let reader = new PdfReader(content)
  for (let count = 0; ; ) {
    reader.skipWhite()
    const byte = content[reader.at]
    if (byte === undefined) return
    const word = readWord(content, reader.at)
    if (word === undefined) {
      if (operands.length >= MOST_OPERANDS) throw new PdfError('too-large', 'an operator has too many operands')
      operands.push(reader.readValue())
      continue
    }
    count += 1
    if (count > MOST_OPERATIONS) throw new PdfError('too-large', 'a page paints too much')
    // Another reader: what one may read is bounded.
    reader = new PdfReader(content, reader.at + word.length)
    if (word === 'BI') reader.at = endOfImage(content, reader.at)
    yield { operator: word, operands }
    operands = []
  }
}

const OPERATOR = /^[A-Za-z'"][A-Za-z0-9*'"]{0,7}(?![^\0\t\n\f\r ()<>[\]{}/%])/

/** @returns undefined for an operand. @throws PdfError for what readers would read in different ways */
function readWord(content: Buffer, at: number): string | undefined {
  const text = content.toString('latin1', at, at + 10)
  const word = OPERATOR.exec(text)?.[0]
  if (word === undefined && /^[A-Za-z'"]/.test(text)) throw new PdfError('broken', 'a page is malformed', at)
  return word === undefined || ['true', 'false', 'null'].includes(word) ? undefined : word
}

/** Where its data end is for each reader to guess (8.9.7): what can be guessed in two ways is not read. */
function endOfImage(content: Buffer, from: number): number {
  const text = content.toString('latin1', from)
  const data = /[\s>\])]ID\s/.exec(text)
  const next = text.search(/\sBI\s/)
  const ends = [...text.slice(data?.index ?? 0, next < 0 ? undefined : next).matchAll(/\sEI(?=\s|$)/g)]
  if (!data || ends.length !== 1)
    throw new PdfError('broken', 'an image inside a page cannot be told from what follows')
  return from + data.index + ends[0]!.index + 3
}
