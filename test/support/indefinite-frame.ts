import { type DerValue, readDer } from '#trust/der/read.ts'

const open = (tag: number, ...parts: Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.from([tag, 0x80]), ...parts, Buffer.from([0, 0])])

/** The same message as those write it who sign while they still read: its frame has indefinite lengths, its content is in pieces. */
export function indefinite(message: Buffer, pieces = 3): Buffer {
  const [type, explicit] = readDer(message).children() as [DerValue, DerValue]
  const [version, digests, encapsulated, ...rest] = explicit.explicit().children() as [
    DerValue,
    DerValue,
    DerValue,
    ...DerValue[],
  ]
  const signers = rest.pop()!
  const [contentType, content] = encapsulated.children() as [DerValue, DerValue | undefined]
  const octets = content?.explicit().octets()
  const size = Math.ceil((octets?.length ?? 0) / pieces)
  const cut = Array.from({ length: pieces }, (_, i) => octets?.subarray(i * size, (i + 1) * size) ?? Buffer.alloc(0))
  const inPieces = cut.map((each) => Buffer.concat([Buffer.from([0x04, each.length]), each]))
  return open(
    0x30,
    type.bytes,
    open(
      0xa0,
      open(
        0x30,
        version.bytes,
        digests.bytes,
        open(0x30, contentType.bytes, ...(octets ? [open(0xa0, open(0x24, ...inPieces))] : [])),
        ...rest.map((set) => open(set.tag, set.content)),
        signers.bytes,
      ),
    ),
  )
}
