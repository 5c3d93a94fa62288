import type { Typeface } from './typeface.ts'

/**
 * Lines of at most this width, broken after spaces and hyphens; a word that is longer than a line breaks anywhere, so that nothing
 * that is signed runs off the paper. A line keeps the space it was broken at: whoever reads the text needs it between the words.
 * @param width thousandths of the size of the type
 */
export function wrapText(text: string, typeface: Typeface, width: number): string[] {
  const paragraphs = text.split('\n')
  // Who hears the text hears no new line: the space is for them.
  return paragraphs.flatMap((each, i) => {
    const lines = wrapLine(each, typeface, width)
    return i < paragraphs.length - 1 ? [...lines.slice(0, -1), `${lines.at(-1)!.trimEnd()} `] : lines
  })
}

function wrapLine(text: string, typeface: Typeface, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  const space = typeface.widthOf(' ')
  for (const word of text.match(/[^ -]*(?:-+| +|$)/g) ?? []) {
    const spaces = word.length - word.trimEnd().length
    const whole = typeface.widthOf(word)
    if (used + whole - spaces * space <= width) {
      line += word
      used += whole
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    for (
      let fits = fitting(line, typeface, width);
      fits < line.trimEnd().length;
      fits = fitting(line, typeface, width)
    ) {
      lines.push(line.slice(0, fits))
      line = line.slice(fits)
    }
    used = typeface.widthOf(line)
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line]
}

/** How much of a word's beginning fits on a line; one character at least, so that this ends. */
function fitting(word: string, typeface: Typeface, width: number): number {
  let used = 0
  let length = 0
  for (const character of word) {
    used += typeface.widthOf(character)
    if (used > width && length > 0) return length
    length += character.length
  }
  return length
}
