import { BIT_STRING, OCTETS, readItems, readWhole, SEQUENCE } from './der.ts'
import type { FailureCode } from './failure.ts'

export type FileKind = 'certificate' | 'key'

/**
 * By its outline alone, whatever the file is called: a certificate is two sequences and a bit string (RFC 5280, 4.1), a
 * sealed key a sequence and an octet string (RFC 5958, 3).
 */
export function fileKind(file: Uint8Array): FileKind | undefined {
  try {
    const [first, second, third, more] = readItems(readWhole(file, SEQUENCE))
    if (first?.tag !== SEQUENCE || more) return undefined
    if (second?.tag === SEQUENCE && third?.tag === BIT_STRING) return 'certificate'
    return second?.tag === OCTETS && !third ? 'key' : undefined
  } catch {
    return undefined
  }
}

/** Which of the two places holds the other's file; both, where they were swapped. */
export function findMisplaced(files: { certificate: Uint8Array; key: Uint8Array }): FailureCode[] {
  const codes: FailureCode[] = []
  if (fileKind(files.certificate) === 'key') codes.push('certificate-is-key')
  if (fileKind(files.key) === 'certificate') codes.push('key-is-certificate')
  return codes
}
