/** Widths of Helvetica from the space to the tilde, thousandths of the size (Adobe's font metrics of the standard 14). */
const WIDTHS = [
  ...[278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278],
  ...[556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556],
  ...[1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778],
  ...[667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556],
  ...[333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556],
  ...[556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584],
]
/** Of what is not in the table and not built on a letter in it. */
const WIDEST = 1000

/** Where Windows code page 1252, which PDF calls WinAnsiEncoding, differs from Latin-1. */
const WIN_ANSI: Record<string, number> = {
  '€': 0x80,
  '‚': 0x82,
  '„': 0x84,
  '…': 0x85,
  '‘': 0x91,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '•': 0x95,
  '–': 0x96,
  '—': 0x97,
  Š: 0x8a,
  š: 0x9a,
  Ž: 0x8e,
  ž: 0x9e,
  Œ: 0x8c,
  œ: 0x9c,
}

/** The text in WinAnsiEncoding; a letter that it has not is written without its mark, anything else as a question mark. */
export function encodeWinAnsi(text: string): Buffer {
  return Buffer.from([...text.normalize('NFC')].map((each) => codeOf(each) ?? codeOf(bare(each)) ?? 0x3f))
}

const bare = (character: string): string => character.normalize('NFD')[0]!

function codeOf(character: string): number | undefined {
  const code = character.codePointAt(0)!
  if ((code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff)) return code
  return WIN_ANSI[character]
}

/** Of the text at size 1. */
export function widthOf(text: string): number {
  let width = 0
  for (const each of text.normalize('NFC')) width += WIDTHS[bare(each).codePointAt(0)! - 0x20] ?? WIDEST
  return width / 1000
}
