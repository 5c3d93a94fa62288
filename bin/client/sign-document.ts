import { Refusal } from '#kernel/refusal.ts'
import { canonicalJson } from '#trust/canonical-json.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { byteRangeDigest } from '#trust/pdf/byte-range.ts'
import { readEmbeddedFiles } from '#trust/pdf/embedded-files.ts'
import type { OpenedEfirma } from './efirma.ts'

/** As the API answers `…/prepare`. */
export interface Prepared {
  preparationId: string
  /** base64 */
  pdf: string
  byteRange: [number, number, number, number]
  signingTime: string
}

/**
 * Checks that the document holds what was sent and that the range covers everything but one empty gap, and only then signs.
 * @param expected what `data.json` inside the document must say, or a check of it
 * @throws Refusal `document-differs`, `byte-range-wrong`
 */
export function signPrepared(efirma: OpenedEfirma, prepared: Prepared, isExpected: (data: unknown) => boolean) {
  const pdf = Buffer.from(prepared.pdf, 'base64')
  checkByteRange(pdf, prepared.byteRange)
  const data = readEmbeddedFiles(pdf).find(({ name }) => name === 'data.json')
  if (!data || !isExpected(JSON.parse(Buffer.from(data.bytes).toString('utf8'))))
    throw refuse('document-differs', 'The document to sign does not hold what was sent: nothing was signed.')
  const digest = byteRangeDigest(pdf, prepared.byteRange)
  const attributes = signedAttributesFor({ digest, certificate: parseCertificate(efirma.certificate) })
  return {
    preparationId: prepared.preparationId,
    certificate: efirma.certificate.toString('base64'),
    signedAttributes: Buffer.from(attributes).toString('base64'),
    signature: efirma.sign(attributes).toString('base64'),
  }
}

/** Two values that mean the same, whatever the order of their members. */
export function sameData(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b)
}

/** Everything is signed but the hexadecimal digits of one `/Contents`, and those are all zero. */
function checkByteRange(pdf: Buffer, [start, first, second, rest]: Prepared['byteRange']): void {
  const gap = pdf.subarray(first, second)
  const whole = start === 0 && first > 0 && second > first && second + rest === pdf.length
  const empty = gap[0] === 0x3c && gap.at(-1) === 0x3e && gap.subarray(1, -1).every((byte) => byte === 0x30)
  const contents = pdf.subarray(Math.max(0, first - 12), first).toString('latin1')
  if (!whole || !empty || !/\/Contents\s*$/.test(contents))
    throw refuse('byte-range-wrong', 'The part of the document to sign is not all of it: nothing was signed.')
}

function refuse(code: string, sentence: string): Refusal {
  const refusal = new Refusal(code)
  refusal.message = sentence
  return refusal
}
