import { type Certificate, certificateOrNone } from './parse-certificate.ts'

/**
 * Certificates that were read before, by their bytes, with their keys as OpenSSL has made them ready: the first verification under a
 * key costs several times the next. Nothing in it was judged, so nothing in it grows old. Bounded: the oldest goes first.
 */
export interface CertificateCache {
  /** Nothing where it cannot be read. */
  read(der: Uint8Array): [Certificate] | []
}

const MOST = 1000
/** Larger ones are rare, and would let one message fill the memory. */
const LARGEST = 16 * 1024

export function createCertificateCache(): CertificateCache {
  const known = new Map<string, Certificate>()
  return {
    read(der) {
      if (der.length > LARGEST) return certificateOrNone(der)
      const id = Buffer.from(der.buffer, der.byteOffset, der.length).toString('latin1')
      const before = known.get(id)
      if (before) return [before]
      // A copy: a view would keep the whole message, and change with it.
      const [certificate] = certificateOrNone(Buffer.from(der))
      if (!certificate) return []
      if (known.size >= MOST) known.delete(known.keys().next().value!)
      known.set(id, certificate)
      return [certificate]
    },
  }
}
