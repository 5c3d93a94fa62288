import type { PdfFile } from './file.ts'
import type { PdfDict, PdfRef, PdfValue } from './values.ts'
import { writeValue } from './write.ts'

/**
 * Objects written after the end of a file, and the cross-references that lead to them (ISO 32000-1, 7.5.6): not a byte of what was
 * there changes. A file whose references are streams goes on with streams (7.5.8.4), any other with a table.
 */
export class Update {
  readonly file: PdfFile
  private readonly chunks: Buffer[]
  private length: number
  private next: number
  private readonly places = new Map<number, { offset: number; gen: number }>()
  private readonly changed = new Map<number, { ref: PdfRef; value: PdfValue }>()

  constructor(file: PdfFile) {
    this.file = file
    // Where an editor changed the last line's end, the first object still begins a line.
    const glue = file.bytes.at(-1) === 10 ? '' : '\n'
    this.chunks = [file.bytes, Buffer.from(glue, 'latin1')]
    this.length = file.bytes.length + glue.length
    this.next = firstFree(file)
  }

  /** A number for an object that others name before it is there. */
  reserve(): PdfRef {
    return { num: this.next++, gen: 0 }
  }

  /** @returns where the object's own text begins in the finished file */
  write(ref: PdfRef, text: string): number {
    const head = `${ref.num} ${ref.gen} obj\n`
    this.places.set(ref.num, { offset: this.length, gen: ref.gen })
    const start = this.length + head.length
    this.append(Buffer.from(`${head}${text}\nendobj\n`, 'latin1'))
    return start
  }

  add(value: PdfValue): PdfRef {
    const ref = this.reserve()
    this.write(ref, writeValue(value))
    return ref
  }

  /** @param entries of its dictionary, without its length */
  addStream(entries: PdfDict, bytes: Uint8Array): PdfRef {
    const ref = this.reserve()
    this.places.set(ref.num, { offset: this.length, gen: 0 })
    const dict = writeValue(new Map<string, PdfValue>([...entries, ['Length', bytes.length]]))
    this.append(Buffer.from(`${ref.num} 0 obj\n${dict}\nstream\n`, 'latin1'))
    this.append(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
    this.append(Buffer.from('\nendstream\nendobj\n', 'latin1'))
    return ref
  }

  /** The object as this update leaves it so far. */
  read(value: PdfValue | undefined): PdfValue {
    const { file, changed } = this
    return (
      changed.get(typeof value === 'object' && value !== null && 'num' in value ? value.num : -1)?.value ??
      file.resolve(value)
    )
  }

  /** An object that was there before, as it is from now on; written once, however often it is changed. */
  change(ref: PdfRef, value: PdfValue): void {
    this.changed.set(ref.num, { ref, value })
  }

  /** The whole file. */
  finish(): Buffer {
    for (const { ref, value } of this.changed.values()) this.write(ref, writeValue(value))
    const { trailer, startxref, sections } = this.file
    const kept = ['Root', 'Info', 'ID']
      .filter((key) => trailer.has(key))
      .map((key) => [key, trailer.get(key)!] as const)
    const fields = (size: number): PdfDict => new Map<string, PdfValue>([['Size', size], ...kept, ['Prev', startxref]])
    const start = this.length
    if (sections[0]!.kind === 'stream') this.appendStream(fields(this.next + 1))
    else this.append(Buffer.from(`xref\n${this.table()}trailer\n${writeValue(fields(this.next))}\n`, 'latin1'))
    this.append(Buffer.from(`startxref\n${start}\n%%EOF\n`, 'latin1'))
    return Buffer.concat(this.chunks, this.length)
  }

  /** A cross-reference stream (7.5.8), which has an entry for itself. */
  private appendStream(fields: PdfDict): void {
    const own = this.next
    this.places.set(own, { offset: this.length, gen: 0 })
    const runs = this.runs()
    const data = Buffer.alloc(this.places.size * 7)
    runs.flat().forEach((num, i) => {
      const { offset, gen } = this.places.get(num)!
      data[i * 7] = 1
      data.writeUInt32BE(offset, i * 7 + 1)
      data.writeUInt16BE(gen, i * 7 + 5)
    })
    const dict: PdfDict = new Map<string, PdfValue>([
      ...fields,
      ['Type', { name: 'XRef' }],
      ['W', [1, 4, 2]],
      ['Index', runs.flatMap((run) => [run[0]!, run.length])],
      ['Length', data.length],
    ])
    this.append(Buffer.from(`${own} 0 obj\n${writeValue(dict)}\nstream\n`, 'latin1'))
    this.append(Buffer.concat([data, Buffer.from('\nendstream\nendobj\n', 'latin1')]))
  }

  /** Numbers that follow each other. */
  private runs(): number[][] {
    const runs: number[][] = []
    for (const num of [...this.places.keys()].sort((a, b) => a - b)) {
      const last = runs.at(-1)
      if (last?.at(-1) === num - 1) last.push(num)
      else runs.push([num])
    }
    return runs
  }

  private table(): string {
    const entry = (num: number) => {
      const { offset, gen } = this.places.get(num)!
      return `${String(offset).padStart(10, '0')} ${String(gen).padStart(5, '0')} n \n`
    }
    return this.runs()
      .map((run) => `${run[0]} ${run.length}\n${run.map(entry).join('')}`)
      .join('')
  }

  private append(bytes: Buffer): void {
    this.chunks.push(bytes)
    this.length += bytes.length
  }
}

/** Some writers state a size that is too small: a number that is in use is not given again. */
function firstFree(file: PdfFile): number {
  let most = file.size - 1
  for (const { entries } of file.sections) for (const num of entries.keys()) if (num > most) most = num
  return most + 1
}
