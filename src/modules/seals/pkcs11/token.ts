import {
  CKA_ALWAYS_AUTHENTICATE,
  CKA_CLASS,
  CKA_ID,
  CKA_LABEL,
  CKA_VALUE,
  CKF_TOKEN_INITIALIZED,
  CKO_CERTIFICATE,
  CKO_PRIVATE_KEY,
  CKU_CONTEXT_SPECIFIC,
  CKU_USER,
} from './constants.ts'
import type { Attribute, Cryptoki } from './cryptoki.ts'
import { type Scheme, signingWays } from './mechanisms.ts'

/** Where a key lives. */
export interface KeyPlace {
  /** Absolute path of the maker's PKCS #11 library. */
  module: string
  /** The token's label. */
  token: string
  /** The key's label, or `id:` and its CKA_ID in hexadecimal. */
  key: string
}

/** A key of a token, logged in. */
export interface TokenKey {
  /** DER, those that the token holds with the key's id, else with its label: more than one where it was renewed. */
  certificates: Buffer[]
  sign(bytes: Uint8Array, scheme: Scheme): Buffer
}

/** The place names nothing, or more than one thing; the message says what there is. */
export class PlaceError extends Error {}

/** @throws PlaceError, CryptokiError */
export function openTokenKey(cryptoki: Cryptoki, { token, key: name }: KeyPlace, pin: string): TokenKey {
  const session = cryptoki.openSession(findToken(cryptoki, token))
  cryptoki.login(session, CKU_USER, pin)
  const key = findKey(cryptoki, session, name)
  const asksEachTime = cryptoki.attribute(session, key, CKA_ALWAYS_AUTHENTICATE)?.[0] === 1
  return {
    certificates: findCertificates(cryptoki, session, key),
    sign(bytes, scheme) {
      const way = signingWays[scheme]
      const again = asksEachTime ? () => cryptoki.login(session, CKU_CONTEXT_SPECIFIC, pin) : undefined
      return way.finish(cryptoki.sign(session, way.mechanism, key, way.prepare(bytes), again))
    },
  }
}

function findToken(cryptoki: Cryptoki, label: string): bigint {
  const ready = cryptoki.tokens().filter(({ flags }) => flags & CKF_TOKEN_INITIALIZED)
  const found = ready.filter((each) => each.label === label)
  if (found.length > 1) throw new PlaceError(`more than one token is called «${label}»`)
  if (found.length === 1) return found[0]!.slot
  const labels = ready.map((each) => `«${each.label}»`).join(', ')
  throw new PlaceError(`no token is called «${label}»${labels ? `; there is ${labels}` : ''}`)
}

function findKey(cryptoki: Cryptoki, session: bigint, name: string): bigint {
  const id = /^id:((?:[0-9a-f]{2})+)$/i.exec(name)?.[1]
  const named: Attribute = id ? [CKA_ID, Buffer.from(id, 'hex')] : [CKA_LABEL, Buffer.from(name, 'utf8')]
  const found = cryptoki.find(session, [[CKA_CLASS, CKO_PRIVATE_KEY], named], 2)
  if (found.length === 1) return found[0]!
  throw new PlaceError(
    found.length === 0 ? `it holds no private key «${name}»` : `it holds more than one key «${name}»`,
  )
}

const MOST_CERTIFICATES = 16

function findCertificates(cryptoki: Cryptoki, session: bigint, key: bigint): Buffer[] {
  for (const type of [CKA_ID, CKA_LABEL]) {
    const value = cryptoki.attribute(session, key, type)
    if (!value) continue
    const template: Attribute[] = [
      [CKA_CLASS, CKO_CERTIFICATE],
      [type, value],
    ]
    const found = cryptoki.find(session, template, MOST_CERTIFICATES)
    const certificates = found.flatMap((each) => cryptoki.attribute(session, each, CKA_VALUE) ?? [])
    if (certificates.length > 0) return certificates
  }
  return []
}
