import { createPrivateKey } from 'node:crypto'
import { sha256 } from '#kernel/bytes.ts'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { keyAtHand, type SealHash, type SigningKey } from './signing-key.ts'

/** What a seal is put under: no word of it says anything about a person. */
export interface SealedThing {
  /** `receipt`, `constancia`, `case-file`…: the kind of document. */
  kind: string
  /** Of what is sealed, as its signature names it: of a PDF its byte range, else the whole content. */
  digest: Uint8Array
}

/** One use of a seal, as it is written down before the key is asked. */
export interface SealUse extends SealedThing {
  /** Whose seal: `platform`, or an institution's id. */
  seal: string
  /** Hexadecimal SHA-256 of the seal's certificate. */
  certificate: string
  /** SHA-256 of the very bytes that the key signs. */
  signed: Uint8Array
}

/** Resolves once the use is written down for good. */
export type WriteUse = (use: SealUse) => Promise<void>

/** A key of the State: what signs for the platform or an institution where no person does. Where the key lives is this interface's secret. */
export interface Seal {
  /** `platform`, or an institution's id. */
  holder: string
  certificate: Certificate
  digestAlgorithm: SealHash
  /** Authorities above it, DER, carried in every signature. */
  chain: Buffer[]
  /** Written down first, signed afterwards: no use without its record. @throws KeyFault */
  sign(bytes: Uint8Array, thing: SealedThing): Promise<Uint8Array>
}

export const PLATFORM = 'platform'

export function openSeal(holder: string, key: SigningKey, writeUse: WriteUse): Seal {
  const { certificate, digestAlgorithm, chain } = key
  return {
    holder,
    certificate,
    digestAlgorithm,
    chain,
    async sign(bytes, { kind, digest }) {
      const signed = sha256(bytes)
      await writeUse({ seal: holder, certificate: certificate.sha256, kind, digest, signed })
      return key.sign(bytes)
    },
  }
}

/** @param key PKCS#8, DER */
export function keyFromPkcs8(key: Uint8Array, certificate: Uint8Array, chain: readonly Uint8Array[]): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' })
  return keyAtHand(privateKey, parseCertificate(certificate), chain)
}
