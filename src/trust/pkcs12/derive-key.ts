import { createHash, pbkdf2Sync } from 'node:crypto'
import { OID } from '#trust/der/oids.ts'
import { type DerValue, TAG } from '#trust/der/read.ts'
import { Pkcs12Error } from './errors.ts'

/** How much a file may cost to open: iterations of everything in it together, a second or two of work. Real ones need 2,000 to 1,000,000. */
export class Budget {
  private left = 3_000_000

  /** @param blocks digests made of each: of PBKDF2; the older way costs four times as much. @throws Pkcs12Error `too-costly` */
  spend(iterations: number, blocks: number): void {
    if (iterations < 1) throw new Pkcs12Error('broken', 'its iterations are none')
    this.left -= iterations * blocks
    if (this.left < 0) throw new Pkcs12Error('too-costly', 'it asks for more iterations than any honest file')
  }
}

export interface Secret {
  password: string
  budget: Budget
  /** Something was opened with it: it is the right one. */
  opened: boolean
}

export interface Hash {
  name: string
  /** Bytes of a block and of a digest. */
  block: number
  digest: number
}

const HASHES: Record<string, Hash> = {
  [OID.sha1]: { name: 'sha1', block: 64, digest: 20 },
  [OID.sha224]: { name: 'sha224', block: 64, digest: 28 },
  [OID.sha256]: { name: 'sha256', block: 64, digest: 32 },
  [OID.sha384]: { name: 'sha384', block: 128, digest: 48 },
  [OID.sha512]: { name: 'sha512', block: 128, digest: 64 },
}

const HMACS: Record<string, Hash> = {
  [OID.hmacWithSha1]: HASHES[OID.sha1]!,
  [OID.hmacWithSha224]: HASHES[OID.sha224]!,
  [OID.hmacWithSha256]: HASHES[OID.sha256]!,
  [OID.hmacWithSha384]: HASHES[OID.sha384]!,
  [OID.hmacWithSha512]: HASHES[OID.sha512]!,
}

export const readHash = (algorithm: DerValue): Hash => readFrom(HASHES, algorithm)
export const readHmac = (algorithm: DerValue): Hash => readFrom(HMACS, algorithm)

function readFrom(known: Record<string, Hash>, algorithm: DerValue): Hash {
  const fields = algorithm.sequence()
  const hash = known[fields.next(TAG.oid).oid()]
  fields.optional(TAG.null)?.null()
  fields.done()
  if (!hash) throw new Pkcs12Error('unsupported', 'its digest is of a kind that is not read here')
  return hash
}

/** What a key is derived for (RFC 7292, appendix B.3). */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const

export interface Derivation {
  hash: Hash
  salt: Uint8Array
  iterations: number
}

/** RFC 7292, appendix B.2. @param secret as `bmpPassword` writes it */
export function deriveKey(
  { hash: { name, block, digest }, salt, iterations }: Derivation,
  secret: Buffer,
  purpose: number,
  length: number,
): Buffer {
  const fill = (bytes: Uint8Array) =>
    bytes.length === 0 ? Buffer.alloc(0) : Buffer.alloc(block * Math.ceil(bytes.length / block), bytes)
  let input: Buffer = Buffer.concat([fill(salt), fill(secret)])
  const made: Buffer[] = []
  for (let i = 0; i * digest < length; i += 1) {
    if (i > 0) input = nextInput(input, made[i - 1]!, block)
    let round: Buffer = createHash(name).update(Buffer.alloc(block, purpose)).update(input).digest()
    for (let j = 1; j < iterations; j += 1) round = createHash(name).update(round).digest()
    made.push(round)
  }
  return Buffer.concat(made).subarray(0, length)
}

/** Each block of the input plus the last digest plus one, as numbers of `block` bytes. */
function nextInput(input: Buffer, digest: Buffer, block: number): Buffer {
  const next = Buffer.from(input)
  for (let at = 0; at < next.length; at += block) {
    let carry = 1
    for (let i = block - 1; i >= 0; i -= 1) {
      carry += next[at + i]! + digest[i % digest.length]!
      next[at + i] = carry & 0xff
      carry >>= 8
    }
  }
  return next
}

/** UTF-16, big endian, with its end; nothing at all as some write an empty password (RFC 7292, B.1). */
export function bmpPasswords(password: string): Buffer[] {
  const written = Buffer.from(`${password}\0`, 'utf16le').swap16()
  return password === '' ? [written, Buffer.alloc(0)] : [written]
}

/** PBKDF2-params (RFC 8018, A.2). */
export function pbkdf2(algorithm: DerValue, { password, budget }: Secret, length: number | undefined): Buffer {
  const outer = algorithm.sequence()
  if (outer.next(TAG.oid).oid() !== OID.pbkdf2)
    throw new Pkcs12Error('unsupported', 'its key is derived in a way that is not read here')
  const params = outer.next(TAG.sequence).inside()
  outer.done()
  const salt = params.next(TAG.octetString).octets()
  const iterations = params.next(TAG.integer).smallInteger()
  const said = params.optional(TAG.integer)?.smallInteger()
  const hmac = params.more() ? readHmac(params.next(TAG.sequence)) : HASHES[OID.sha1]!
  params.done()
  const wanted = length ?? said
  if (wanted === undefined || wanted < 1 || wanted > 64 || (said !== undefined && said !== wanted))
    throw new Pkcs12Error('broken', 'the length of its key is none')
  budget.spend(iterations, Math.ceil(wanted / hmac.digest))
  return pbkdf2Sync(password, salt, iterations, wanted, hmac.name)
}
