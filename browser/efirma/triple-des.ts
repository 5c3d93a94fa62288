/**
 * DES-EDE3-CBC, to open only: the e.firma's key file is encrypted with it and WebCrypto has none. FIPS 46-3 and SP 800-67; the
 * tables are the standard's, bits counted from 1 at the left.
 */
const numbers = (text: string): number[] => text.split(' ').map(Number)

const IP = numbers(
  '58 50 42 34 26 18 10 2 60 52 44 36 28 20 12 4 62 54 46 38 30 22 14 6 64 56 48 40 32 24 16 8 57 49 41 33 25 17 9 1 59 51 43 35 27 19 11 3 61 53 45 37 29 21 13 5 63 55 47 39 31 23 15 7',
)
const FP = numbers(
  '40 8 48 16 56 24 64 32 39 7 47 15 55 23 63 31 38 6 46 14 54 22 62 30 37 5 45 13 53 21 61 29 36 4 44 12 52 20 60 28 35 3 43 11 51 19 59 27 34 2 42 10 50 18 58 26 33 1 41 9 49 17 57 25',
)
const P = numbers('16 7 20 21 29 12 28 17 1 15 23 26 5 18 31 10 2 8 24 14 32 27 3 9 19 13 30 6 22 11 4 25')
const PC1 = numbers(
  '57 49 41 33 25 17 9 1 58 50 42 34 26 18 10 2 59 51 43 35 27 19 11 3 60 52 44 36 63 55 47 39 31 23 15 7 62 54 46 38 30 22 14 6 61 53 45 37 29 21 13 5 28 20 12 4',
)
const PC2 = numbers(
  '14 17 11 24 1 5 3 28 15 6 21 10 23 19 12 4 26 8 16 7 27 20 13 2 41 52 31 37 47 55 30 40 51 45 33 48 44 49 39 56 34 53 46 42 50 36 29 32',
)
const SHIFTS = numbers('1 1 2 2 2 2 2 2 1 2 2 2 2 2 2 1')
/** Eight boxes of four rows of sixteen, a hexadecimal digit each. */
const S = [
  'e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d',
  'f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9',
  'a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c',
  '7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e',
  '2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453',
  'c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d',
  '4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c',
  'd2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b',
].map((box) => Array.from(box, (digit) => Number.parseInt(digit, 16)))

type Bits = Uint8Array

const pick = (bits: Bits, table: readonly number[]): Bits => Uint8Array.from(table, (place) => bits[place - 1]!)

function toBits(bytes: Uint8Array): Bits {
  return Uint8Array.from({ length: bytes.length * 8 }, (_, i) => (bytes[i >> 3]! >> (7 - (i & 7))) & 1)
}

function toBytes(bits: Bits): Uint8Array {
  return Uint8Array.from({ length: bits.length / 8 }, (_, i) => {
    let byte = 0
    for (let j = 0; j < 8; j += 1) byte = byte * 2 + bits[i * 8 + j]!
    return byte
  })
}

/** Sixteen round keys of 48 bits. */
function scheduleOf(key: Uint8Array): Bits[] {
  const chosen = pick(toBits(key), PC1)
  let left = chosen.slice(0, 28)
  let right = chosen.slice(28)
  const turn = (half: Bits, by: number) => Uint8Array.from(half, (_, i) => half[(i + by) % 28]!)
  return SHIFTS.map((by) => {
    left = turn(left, by)
    right = turn(right, by)
    return pick(Uint8Array.from([...left, ...right]), PC2)
  })
}

function round(half: Bits, key: Bits): Bits {
  const out = new Uint8Array(32)
  for (let box = 0; box < 8; box += 1) {
    let six = 0
    // E: each box sees its four bits and one neighbour on either side.
    for (let i = 0; i < 6; i += 1) six = six * 2 + (half[(box * 4 + i + 31) % 32]! ^ key[box * 6 + i]!)
    const row = (six >> 5) * 2 + (six & 1)
    const value = S[box]![row * 16 + ((six >> 1) & 15)]!
    for (let i = 0; i < 4; i += 1) out[box * 4 + i] = (value >> (3 - i)) & 1
  }
  return pick(out, P)
}

function des(block: Bits, keys: readonly Bits[]): Bits {
  const start = pick(block, IP)
  let left = start.slice(0, 32)
  let right = start.slice(32)
  for (const key of keys) {
    const mixed = round(right, key)
    const next = Uint8Array.from(left, (bit, i) => bit ^ mixed[i]!)
    left = right
    right = next
  }
  return pick(Uint8Array.from([...right, ...left]), FP)
}

/**
 * What is secret besides the result is overwritten before it returns.
 * @param key 24 bytes
 * @param iv 8 bytes
 * @returns the plain bytes without their padding (PKCS #7)
 * @throws RangeError where sizes or padding are not right: a wrong key looks like this
 */
export function openTripleDes(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array<ArrayBuffer> {
  if (key.length !== 24 || iv.length !== 8 || sealed.length === 0 || sealed.length % 8 !== 0)
    throw new RangeError('not DES-EDE3-CBC')
  const [first, second, third] = [0, 8, 16].map((at) => scheduleOf(key.subarray(at, at + 8))) as [
    Bits[],
    Bits[],
    Bits[],
  ]
  const stages = [third.slice().reverse(), second, first.slice().reverse()]
  const plain = new Uint8Array(sealed.length)
  for (let at = 0; at < sealed.length; at += 8) {
    const before = at === 0 ? iv : sealed.subarray(at - 8, at)
    const opened = toBytes(stages.reduce(des, toBits(sealed.subarray(at, at + 8))))
    for (let i = 0; i < 8; i += 1) plain[at + i] = opened[i]! ^ before[i]!
  }
  for (const part of stages.flat()) part.fill(0)
  try {
    return withoutPadding(plain)
  } finally {
    plain.fill(0)
  }
}

function withoutPadding(plain: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const pad = plain[plain.length - 1]!
  if (pad < 1 || pad > 8 || !plain.subarray(-pad).every((byte) => byte === pad)) throw new RangeError('wrong padding')
  return plain.slice(0, -pad)
}
