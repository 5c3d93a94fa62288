import type { Hash } from '#trust/certificate/signature-scheme.ts'
import { readSigningTime } from '#trust/cms/check-attributes.ts'
import { type DigestOf, digestOfBytes } from '#trust/cms/digest-content.ts'
import { type Attributes, CmsError, readSignedData, type SignedData } from '#trust/cms/read-signed-data.ts'
import { type SignerReport, verifySigner } from '#trust/cms/verify-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import { DerError, firstDerLength } from '#trust/der/read.ts'
import { type TimestampReport, verifyToken } from '#trust/timestamp/verify-token.ts'
import type { ByteRange } from './byte-range.ts'
import { RangeDigests } from './range-digests.ts'
import type { PdfCheck } from './verify-report.ts'

export interface ContentsReport {
  sound: boolean
  checks: PdfCheck[]
  signer: SignerReport | undefined
  data: SignedData | undefined
  signingTime: Date | undefined
  /** The token in the signature's unsigned attributes; of a document time-stamp, itself. */
  timestamp: TimestampReport | undefined
  /** Every token in the unsigned attributes that stamps the signature value, sound or not. */
  timestamps: TimestampReport[]
}

interface Question {
  pdf: Buffer
  byteRange: ByteRange
  contents: Buffer
  subFilter: string | undefined
  /** Of the same file, where it has several signatures. */
  ranges?: RangeDigests
}

const DETACHED = ['ETSI.CAdES.detached', 'adbe.pkcs7.detached']

/** Verifies what /Contents holds over the byte range. Never throws for what the bytes are. */
export function verifyContents({ pdf, byteRange, contents, subFilter, ...more }: Question): ContentsReport {
  const { ranges = new RangeDigests(pdf) } = more
  const digests = new Map<Hash, Buffer>()
  const digestOf = (hash: Hash): Buffer => {
    const digest = digests.get(hash) ?? ranges.digest(byteRange, hash)
    digests.set(hash, digest)
    return digest
  }
  try {
    const cms = cutPadding(contents)
    if (!cms) return failed('something other than zeros follows the signature in /Contents')
    if (subFilter === 'ETSI.RFC3161') return verifyDocumentTimestamp(cms, digestOf)
    if (subFilter === undefined || !DETACHED.includes(subFilter))
      return failed('a kind of signature that is not accepted')
    return verifyDetached(cms, subFilter, digestOf)
  } catch (error) {
    if (error instanceof CmsError || error instanceof DerError) return failed('the signature is not DER as CMS has it')
    throw error
  }
}

function failed(detail: string): ContentsReport {
  const checks: PdfCheck[] = [{ name: 'format', ok: false, detail }]
  const nothing = { signer: undefined, data: undefined, signingTime: undefined, timestamp: undefined }
  return { sound: false, checks, ...nothing, timestamps: [] }
}

/** @returns undefined where the padding hides something: it is covered by no digest */
function cutPadding(contents: Buffer): Buffer | undefined {
  const length = firstDerLength(contents)
  return contents.subarray(length).every((byte) => byte === 0) ? contents.subarray(0, length) : undefined
}

function verifyDetached(cms: Buffer, subFilter: string, digestOf: DigestOf): ContentsReport {
  const data = readSignedData(cms)
  const [signer, ...others] = data.signers
  if (!signer || others.length > 0) return failed('a signature has one signer')
  if (data.contentType !== OID.data || data.content) return failed('the signature brings its own content')
  const requireSigningCertificate = subFilter === 'ETSI.CAdES.detached'
  const report = verifySigner(data, signer, digestOf, { requireSigningCertificate })
  const checks: PdfCheck[] = [
    { name: 'format', ok: true, detail: 'the signature is DER as CMS has it' },
    ...report.checks,
  ]
  const timestamps = verifyStamps(signer.unsignedAttributes, signer.signature, checks)
  const signingTime = readSigningTime(signer.signedAttributes?.values)
  const timestamp = timestamps.find(({ sound }) => sound) ?? timestamps[0]
  return { sound: report.sound, checks, signer: report, data, signingTime, timestamp, timestamps }
}

const MOST_TOKENS = 5

/** A token that does not hold proves no time; the signature stands without it. */
function verifyStamps(unsigned: Attributes | undefined, value: Buffer, checks: PdfCheck[]): TimestampReport[] {
  const tokens = unsigned?.values.get(OID.signatureTimeStampToken)
  if (!tokens) return []
  const found = tokens.slice(0, MOST_TOKENS).map((token) => verifyToken(token.bytes, digestOfBytes(value)))
  const best = found.find(({ timestamp }) => timestamp?.sound) ?? found[0]
  checks.push({ name: 'time-stamp', ok: best?.timestamp?.sound === true, detail: best?.detail ?? '' })
  return found.flatMap(({ timestamp }) => timestamp ?? [])
}

function verifyDocumentTimestamp(cms: Buffer, digestOf: DigestOf): ContentsReport {
  const { timestamp, signer, detail } = verifyToken(cms, digestOf)
  const sound = timestamp?.sound === true
  const checks: PdfCheck[] = [...(signer?.checks ?? []), { name: 'time-stamp', ok: sound, detail }]
  return { sound, checks, signer, data: readSignedData(cms), signingTime: undefined, timestamp, timestamps: [] }
}
