/** Control characters, halves of letters, and marks that make text read in another order than it has (Unicode, UAX 9). */
const HIDDEN = String.raw`\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff`

/** What the published schema asks of every text: what is signed is what is seen. */
export const LINES = `^[^${HIDDEN}]*$`
export const ONE_LINE = String.raw`^[^\t\n\r${HIDDEN}]*$`
export const NOT_BLANK = String.raw`\S`

const hidden = new RegExp(`[${HIDDEN}]`, 'gu')

/** What a person typed, without what nobody sees; the ends of its lines are `\n`. */
export function readLines(typed: string): string {
  return typed.normalize('NFC').replace(/\r\n?/g, '\n').replace(hidden, '').trim()
}

export const readLine = (typed: string): string => readLines(typed).replace(/[\t\n]+/g, ' ')

/** As JSON Schema counts: letters, not the halves that some are kept in. */
export const lengthOf = (text: string): number => [...text].length
