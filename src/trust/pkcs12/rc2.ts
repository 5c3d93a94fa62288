/** RFC 2268, 2: the digits of pi as a permutation of the bytes. */
const PI = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb6266fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
)

/** Of the effective bits that PKCS#12 knows, 40 and 128, both whole bytes. RFC 2268, 2: the 64 words of the key. */
function expandKey(key: Uint8Array): Uint16Array {
  const bytes = new Uint8Array(128)
  bytes.set(key)
  for (let i = key.length; i < 128; i += 1) bytes[i] = PI[(bytes[i - 1]! + bytes[i - key.length]!) & 0xff]!
  const first = 128 - key.length
  bytes[first] = PI[bytes[first]!]!
  for (let i = first - 1; i >= 0; i -= 1) bytes[i] = PI[bytes[i + 1]! ^ bytes[i + key.length]!]!
  return Uint16Array.from({ length: 64 }, (_, i) => bytes[2 * i]! | (bytes[2 * i + 1]! << 8))
}

const TURNS = [1, 2, 3, 5]
const turnBack = (word: number, by: number): number => ((word >>> by) | (word << (16 - by))) & 0xffff

/** RFC 2268, 4: one block of four words, in place. */
function decryptBlock(r: Uint16Array, key: Uint16Array): void {
  for (let round = 15; round >= 0; round -= 1) {
    for (let i = 3; i >= 0; i -= 1) {
      const [before, other, far] = [r[(i + 3) & 3]!, r[(i + 2) & 3]!, r[(i + 1) & 3]!]
      r[i] = turnBack(r[i]!, TURNS[i]!) - key[4 * round + i]! - (before & other) - (~before & far)
    }
    if (round !== 11 && round !== 5) continue
    for (let i = 3; i >= 0; i -= 1) r[i] = r[i]! - key[r[(i + 3) & 3]! & 63]!
  }
}

/**
 * RC2 in CBC mode, only to read: old files hide their certificates, which are public, with it, and the cryptographic library of today has it no
 * more. With its padding still on. @throws RangeError where the data are no whole blocks
 */
export function decryptRc2(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Buffer {
  if (data.length === 0 || data.length % 8 !== 0 || iv.length !== 8) throw new RangeError('no whole blocks')
  const words = expandKey(key)
  const plain = Buffer.alloc(data.length)
  const block = new Uint16Array(4)
  const bytes = Buffer.from(block.buffer)
  for (let at = 0; at < data.length; at += 8) {
    for (let i = 0; i < 4; i += 1) block[i] = data[at + 2 * i]! | (data[at + 2 * i + 1]! << 8)
    decryptBlock(block, words)
    for (let i = 0; i < 8; i += 1) plain[at + i] = bytes[i]! ^ (at === 0 ? iv[i]! : data[at - 8 + i]!)
  }
  return plain
}
