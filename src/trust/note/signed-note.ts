import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** C2SP signed-note: a text and, after an empty line, a line for each signature. */
export interface Note {
  /** Ends in a newline. */
  text: string
  signatures: Array<{ name: string; keyId: Buffer; signature: Buffer }>
}

export interface NoteVerifier {
  name: string
  keyId: Buffer
  publicKey: KeyObject
}

const ED25519 = 1
const LARGEST = 64 * 1024
const MOST_SIGNATURES = 100
const PREFIX = '— '

/** SHA-256(name ‖ \n ‖ 0x01 ‖ key), its first four bytes. */
function keyIdOf(name: string, key: Uint8Array): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([ED25519]))
    .update(key)
    .digest()
    .subarray(0, 4)
}

function rawKey(publicKey: KeyObject): Buffer {
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
}

export function signNote(text: string, name: string, privateKey: KeyObject): string {
  if (!text.endsWith('\n')) throw new RangeError('a note ends in a newline')
  const key = rawKey(createPublicKey(privateKey))
  const signature = Buffer.concat([keyIdOf(name, key), sign(null, Buffer.from(text), privateKey)])
  return `${text}\n${PREFIX}${name} ${signature.toString('base64')}\n`
}

/** `name+hash+key`, as verifiers pin it. */
export function verifierKey(name: string, publicKey: KeyObject): string {
  const key = rawKey(publicKey)
  return `${name}+${keyIdOf(name, key).toString('hex')}+${Buffer.concat([Buffer.from([ED25519]), key]).toString('base64')}`
}

/** @returns undefined where it is no Ed25519 verifier key, or its hash is another key's */
export function parseVerifierKey(text: string): NoteVerifier | undefined {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim())
  const bytes = match && Buffer.from(match[3]!, 'base64')
  if (!match || bytes?.length !== 33 || bytes[0] !== ED25519) return undefined
  const key = bytes.subarray(1)
  const keyId = keyIdOf(match[1]!, key)
  if (keyId.toString('hex') !== match[2]) return undefined
  return {
    name: match[1]!,
    keyId,
    publicKey: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') }, format: 'jwk' }),
  }
}

/** @returns undefined for anything that is not a note to the letter */
export function parseNote(message: string): Note | undefined {
  const split = message.lastIndexOf('\n\n')
  if (message.length > LARGEST || split < 0 || !message.endsWith('\n') || /[^\n\x20-\u{10ffff}]/u.test(message))
    return undefined
  const text = message.slice(0, split + 1)
  const lines = message.slice(split + 2, -1).split('\n')
  if (lines.length > MOST_SIGNATURES) return undefined
  const signatures: Note['signatures'] = []
  for (const line of lines) {
    const match = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line)
    const bytes = match && Buffer.from(match[2]!, 'base64')
    if (!match || !bytes || bytes.length < 5 || bytes.toString('base64') !== match[2]) return undefined
    signatures.push({ name: match[1]!, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) })
  }
  return { text, signatures }
}

/** Whether this key signed the note; signatures of others are carried, not judged. */
export function isSignedBy(note: Note, verifier: NoteVerifier): boolean {
  const own = note.signatures.filter(({ name, keyId }) => name === verifier.name && keyId.equals(verifier.keyId))
  return own.length === 1 && verify(null, Buffer.from(note.text), verifier.publicKey, own[0]!.signature)
}
