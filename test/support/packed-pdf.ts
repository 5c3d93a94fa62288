import { deflateSync } from 'node:zlib'
import { startOf } from './signed-pdf.ts'

/**
 * An incremental update as Acrobat, iText and pyHanko write it: objects packed in an object stream, a stream of cross-references.
 * @param packed by number, dictionaries and other plain values
 * @param plain by number, streams and what has to stand in the open
 */
export function addPacked(
  pdf: Buffer,
  packed: Record<number, string>,
  plain: Record<number, string> = {},
  { holder = 90, trailer = '/Root 1 0 R /Info 11 0 R', free = [] as number[] } = {},
): Buffer {
  const places = new Map<number, [number, number, number]>(free.map((num) => [num, [0, 0, 65_535]]))
  let text = pdf.at(-1) === 10 ? '' : '\n'
  const write = (num: number, body: string) => {
    places.set(num, [1, pdf.length + text.length, 0])
    text += `${num} 0 obj\n${body}\nendobj\n`
  }
  for (const [num, body] of Object.entries(plain)) write(Number(num), body)
  const entries = Object.entries(packed)
  if (entries.length > 0) {
    let offset = 0
    const head = entries.map(([num, body]) => {
      const pair = `${num} ${offset}`
      offset += body.length + 1
      return pair
    })
    const first = `${head.join(' ')} `
    const data = `${first}${entries.map(([, body]) => body).join(' ')} `
    const zipped = deflateSync(Buffer.from(data, 'latin1')).toString('latin1')
    entries.forEach(([num], i) => {
      places.set(Number(num), [2, holder, i])
    })
    write(
      holder,
      `<< /Type /ObjStm /N ${entries.length} /First ${first.length} /Filter /FlateDecode /Length ${zipped.length} >>\nstream\n${zipped}\nendstream`,
    )
  }
  const own = holder + 1
  const start = pdf.length + text.length
  places.set(own, [1, start, 0])
  const numbers = [...places.keys()].sort((a, b) => a - b)
  const rows = Buffer.alloc(numbers.length * 7)
  numbers.forEach((num, i) => {
    const [kind, second, third] = places.get(num)!
    rows[i * 7] = kind
    rows.writeUInt32BE(second, i * 7 + 1)
    rows.writeUInt16BE(third, i * 7 + 5)
  })
  const prev = pdf.length > 100 ? ` /Prev ${startOf(pdf)}` : ''
  const dict = `/Type /XRef /Size 200 /W [1 4 2] /Index [${numbers.map((num) => `${num} 1`).join(' ')}] ${trailer}${prev} /Length ${rows.length}`
  text += `${own} 0 obj\n<< ${dict} >>\nstream\n${rows.toString('latin1')}\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`
  return Buffer.concat([pdf, Buffer.from(text, 'latin1')])
}
