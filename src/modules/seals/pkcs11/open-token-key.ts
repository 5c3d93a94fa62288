import { type KeyObject, verify } from 'node:crypto'
import { type Certificate, certificateOrNone } from '#trust/certificate/parse-certificate.ts'
import { certificatesAbove } from '../certificates-above.ts'
import { hashOf, KeyFault, type SigningKey } from '../signing-key.ts'
import type { Scheme } from './mechanisms.ts'
import { openSessions } from './sessions.ts'
import type { KeyPlace } from './token.ts'
import { startTokenProcess, type TokenProcess } from './token-processes.ts'

export interface TokenKeyOptions {
  place: KeyPlace
  pin: string
  /** DER; the token's own where absent. */
  certificate?: Uint8Array
  /** Authorities above it, DER. */
  chain?: readonly Uint8Array[]
  /** Sessions at once, each in a process of its own, started when all others are busy. */
  most?: number
  /** Milliseconds that the token may take, waiting for a free session included. */
  patience?: number
}

const PROBE = Buffer.from('ventanilla: does this key belong to its certificate?')

/**
 * A key inside a PKCS #11 token. Its first signature, over words that are nobody's, shows that key and certificate are one; every later
 * one is verified as well before anybody sees it. A session that is lost is opened again, once for each signature; a PIN that is refused is
 * never sent again.
 * @throws KeyFault with the reason, the module's own code included
 */
export async function openTokenKey(options: TokenKeyOptions): Promise<SigningKey> {
  const { place, pin, chain = [], most = 4, patience = 10_000 } = options
  const first = await startTokenProcess(place, pin, patience)
  try {
    const certificate = certificateOf(options.certificate ? [options.certificate] : first.certificates, place)
    const scheme = schemeOf(certificate.publicKey)
    await signIn(first, PROBE, certificate, scheme)
    const sessions = openSessions({ first, start: () => startTokenProcess(place, pin, patience), most, patience })
    return {
      certificate,
      digestAlgorithm: hashOf(certificate.publicKey),
      chain: certificatesAbove(certificate, chain),
      sign: (bytes) => sessions.use((session) => signIn(session, bytes, certificate, scheme)),
      close: async () => sessions.close(),
    }
  } catch (error) {
    first.end()
    throw error
  }
}

/** The newest: a certificate that was renewed for the same key stays beside it. */
function certificateOf(held: readonly Uint8Array[], { key }: KeyPlace): Certificate {
  if (held.length === 0) throw new KeyFault(`the token holds no certificate of the key «${key}»`)
  const [newest] = held.flatMap(certificateOrNone).toSorted((a, b) => b.notBefore.getTime() - a.notBefore.getTime())
  if (!newest) throw new KeyFault(`the certificate of the key «${key}» cannot be read`)
  return newest
}

/** As the certificate's key says; an RSA key signs PKCS #1 v1.5 but where its certificate says that it is for PSS alone. */
function schemeOf({ asymmetricKeyType: type }: KeyObject): Scheme {
  if (type === 'rsa') return 'rsa-pkcs1'
  if (type === 'rsa-pss') return 'rsa-pss'
  if (type === 'ec') return 'ecdsa'
  if (type === 'ed25519') return 'ed25519'
  throw new KeyFault(`a ${type} key does not sign here`)
}

async function signIn(
  session: TokenProcess,
  bytes: Uint8Array,
  { publicKey }: Certificate,
  scheme: Scheme,
): Promise<Uint8Array> {
  const answer = await session.ask({ sign: bytes, scheme })
  const signature = 'signed' in answer ? answer.signed : new Uint8Array()
  const holds = verify(scheme === 'ed25519' ? null : 'sha256', bytes, publicKey, signature)
  if (holds) return signature
  session.end()
  throw new KeyFault('the token’s signature does not hold: its key is not that of the certificate')
}
