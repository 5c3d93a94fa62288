import { verify } from 'node:crypto'
import { type Certificate, writePublicKeyPem } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'

/**
 * The text a person signs to sign in, version 1. It can never be taken for a document: a document's signed attributes
 * begin with byte 0x31, this text with the letter v. Its exact lines are a published contract.
 */
export interface Challenge {
  /** The shop's address without a slash at its end. */
  origin: string
  /** The RFC the person says they act for, or nothing. */
  account: string
  /** 32 random bytes. */
  nonce: Buffer
  issued: Date
  expires: Date
}

export const CHALLENGE_LIFE_SECONDS = 120
const NONCE_BYTES = 32
const LONGEST = 512

/** Instants are whole seconds; anything finer is cut off, so that what is parsed is what was built. */
export function buildChallenge({ origin, account, nonce, issued, expires }: Challenge): string {
  const text = [
    'ventanilla sign-in 1',
    `origin: ${origin}`,
    `account: ${account}`,
    `nonce: ${nonce.toString('base64url')}`,
    `issued: ${toSeconds(issued)}`,
    `expires: ${toSeconds(expires)}`,
    '',
  ].join('\n')
  if (!parseChallenge(text)) throw new TypeError('a challenge with these parts cannot be read back')
  return text
}

const SHAPE =
  /^ventanilla sign-in 1\norigin: ([!-~]+)\naccount: ([A-ZÑ&]{3,4}\d{6}[A-Z\d]{3})?\nnonce: ([\w-]{43})\nissued: ([\dTZ:-]{20})\nexpires: ([\dTZ:-]{20})\n$/

/** Undefined for anything but exactly what `buildChallenge` writes: one value has one spelling. */
export function parseChallenge(text: string): Challenge | undefined {
  if (text.length > LONGEST) return undefined
  const parts = SHAPE.exec(text)
  if (!parts) return undefined
  const [, origin = '', account = '', nonceText = '', issuedText = '', expiresText = ''] = parts
  const nonce = Buffer.from(nonceText, 'base64url')
  const issued = fromSeconds(issuedText)
  const expires = fromSeconds(expiresText)
  if (!isOrigin(origin) || nonce.length !== NONCE_BYTES || nonce.toString('base64url') !== nonceText) return undefined
  if (!issued || !expires || expires <= issued) return undefined
  return { origin, account, nonce, issued, expires }
}

/**
 * RSASSA-PKCS1-v1_5 with SHA-256 over the UTF-8 bytes of the text, by the certificate's key. False too for a key of another
 * kind or one that cannot be read. The key is read for this one use: to make a KeyObject first costs more.
 */
export function verifyChallengeSignature(
  text: string,
  { spki, keyAlgorithm }: Pick<Certificate, 'spki' | 'keyAlgorithm'>,
  signature: Uint8Array,
): boolean {
  if (keyAlgorithm.oid !== OID.rsaEncryption) return false
  try {
    return verify('sha256', Buffer.from(text, 'utf8'), writePublicKeyPem(spki), signature)
  } catch {
    return false
  }
}

function toSeconds(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`
}

function fromSeconds(text: string): Date | undefined {
  const instant = new Date(text)
  return Number.isNaN(instant.getTime()) || toSeconds(instant) !== text ? undefined : instant
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}
