import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'

export const ref = (num: number): string => `${num} 0 R`

/** What is smaller gains nothing from being packed; more effort gains three per cent of the size for twice the time. */
const WORTH_PACKING = 2000

/** The objects of a new PDF file, in the order in which they were numbered (ISO 32000-1, 7.5). */
export class Objects {
  private readonly bodies: Array<string | readonly Buffer[]> = []

  /** A number for an object that others name before it is there. */
  reserve(): number {
    return this.bodies.push('null')
  }

  set(num: number, body: string): void {
    this.bodies[num - 1] = body
  }

  add(body: string): number {
    return this.bodies.push(body)
  }

  /** @param entries of its dictionary, as PDF text */
  stream(entries: string, bytes: Uint8Array, how: 'pack' | 'packed before' | 'as it is' = 'pack'): number {
    const pack = how === 'pack' && bytes.length > WORTH_PACKING
    const packed = pack || how === 'packed before'
    const data = pack ? deflateSync(bytes, { level: 1 }) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const head = `<<${entries}${packed ? ' /Filter /FlateDecode' : ''} /Length ${data.length}>>\nstream\n`
    return this.bodies.push([Buffer.from(head, 'latin1'), data, Buffer.from('\nendstream', 'latin1')])
  }

  /**
   * The file's identifier is the digest of what it says, so that the same document is the same file.
   * @returns the file, and where each object's own text begins
   */
  finish(catalog: number, information: number): { bytes: Buffer; placeOf(num: number): number } {
    const chunks: Buffer[] = []
    let length = 0
    const append = (bytes: Buffer) => {
      chunks.push(bytes)
      length += bytes.length
    }
    // Four bytes beyond ASCII tell who carries files about that this one is no text (7.5.2).
    append(Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'))
    const places = this.bodies.map((body, i) => {
      const place = length
      append(Buffer.from(`${i + 1} 0 obj\n${typeof body === 'string' ? body : ''}`, 'latin1'))
      if (typeof body !== 'string') for (const part of body) append(part)
      append(Buffer.from('\nendobj\n', 'latin1'))
      return place
    })
    const identifier = createHash('sha256')
    for (const chunk of chunks) identifier.update(chunk)
    const id = identifier.digest('hex').slice(0, 32)
    const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
    const start = length
    append(
      Buffer.from(
        `xref\n0 ${places.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${places.length + 1} /Root ${ref(catalog)} /Info ${ref(information)} /ID [<${id}> <${id}>]>>\nstartxref\n${start}\n%%EOF\n`,
        'latin1',
      ),
    )
    return {
      bytes: Buffer.concat(chunks, length),
      placeOf: (num) => places[num - 1]! + `${num} 0 obj\n`.length,
    }
  }
}
