import { createHash } from 'node:crypto'
import type { SignedData } from '#trust/cms/read-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import { context, DerError, type DerValue } from '#trust/der/read.ts'
import { noData, type ValidationData } from '#trust/validation/facts.ts'
import { PdfError } from './errors.ts'
import type { PdfFile } from './file.ts'
import { isStream, type PdfDict, type PdfStream, type PdfValue } from './values.ts'

const MOST_ITEMS = 500
/** Unpacked, of one stream and of all that a file holds. */
const LARGEST_ITEM = 24 * 1024 * 1024
const LARGEST = 64 * 1024 * 1024

/** The document security store of this state of the file (EN 319 142-1, 5.4.2), if it has one. */
function findSecurityStore(file: PdfFile): PdfDict | undefined {
  return file.dict(file.catalog.get('DSS'))
}

/** Whether there is anything in it about revocation: what makes a signature last (EN 319 142-1, 6.3). */
export function hasRevocationData(file: PdfFile): boolean {
  const store = findSecurityStore(file)
  return ['CRLs', 'OCSPs'].some((key) => (file.array(store?.get(key)) ?? []).length > 0)
}

/** Reads what a file holds to judge certificates by, in all its revisions; each stream once, and all of them within bounds. */
export class EvidenceReader {
  private readonly known = new Map<string, Buffer | undefined>()
  private left = LARGEST

  /** Everything in this state of the file and in these messages: what cannot be read is left out. */
  read(file: PdfFile, messages: readonly SignedData[]): ValidationData {
    const evidence = readMessages(messages)
    const store = findSecurityStore(file)
    evidence.certificates.push(...this.readStreams(file, store?.get('Certs')))
    evidence.crls.push(...this.readStreams(file, store?.get('CRLs')))
    evidence.ocspResponses.push(...this.readStreams(file, store?.get('OCSPs')))
    return {
      certificates: withoutDoubles(evidence.certificates),
      crls: withoutDoubles(evidence.crls),
      ocspResponses: withoutDoubles(evidence.ocspResponses),
    }
  }

  private readStreams(file: PdfFile, list: PdfValue | undefined): Buffer[] {
    return (file.array(list) ?? []).slice(0, MOST_ITEMS).flatMap((each) => this.readStream(file, each) ?? [])
  }

  private readStream(file: PdfFile, value: PdfValue): Buffer | undefined {
    try {
      const stream = file.resolve(value)
      if (!isStream(stream)) return undefined
      const key = `${stream.dataStart} ${String(file.resolve(stream.dict.get('Length')))}`
      if (!this.known.has(key)) this.known.set(key, this.unpack(file, stream))
      return this.known.get(key)
    } catch (error) {
      if (error instanceof PdfError) return undefined
      throw error
    }
  }

  /** What does not unpack costs as much as it may have had. */
  private unpack(file: PdfFile, stream: PdfStream): Buffer | undefined {
    const most = Math.min(LARGEST_ITEM, this.left)
    if (most <= 0) return undefined
    try {
      const data = file.data(stream, most)
      this.left -= data.length
      return data
    } catch (error) {
      if (!(error instanceof PdfError)) throw error
      this.left -= most
      return undefined
    }
  }
}

function readMessages(messages: readonly SignedData[]): ValidationData {
  const evidence: ValidationData = noData()
  for (const data of messages) {
    evidence.certificates.push(...data.certificates)
    evidence.crls.push(...data.crls)
    joinSigned(data, evidence)
  }
  return evidence
}

/** What a signer signed along: whatever proves the signature's time proves that it was there. */
export function readSignedEvidence(data: SignedData): ValidationData {
  const evidence: ValidationData = noData()
  joinSigned(data, evidence)
  return evidence
}

function joinSigned({ signers }: SignedData, evidence: ValidationData): void {
  for (const { signedAttributes } of signers)
    readArchival(signedAttributes?.values.get(OID.adbeRevocationInfoArchival), evidence)
}

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64')

const withoutDoubles = (items: Buffer[]): Buffer[] =>
  [...new Map(items.map((each) => [digestOf(each), each])).values()].slice(0, MOST_ITEMS)

/** RevocationInfoArchival (ISO 32000-1, 12.8.3.3.2): lists and answers as they were when the signature was made. */
function readArchival(values: DerValue[] | undefined, evidence: ValidationData): void {
  try {
    const fields = values?.[0]?.sequence()
    const crls = fields?.optional(context(0))?.explicit().items() ?? []
    const answers = fields?.optional(context(1))?.explicit().items() ?? []
    evidence.crls.push(...crls.slice(0, MOST_ITEMS).map(({ bytes }) => bytes))
    evidence.ocspResponses.push(...answers.slice(0, MOST_ITEMS).map(({ bytes }) => bytes))
  } catch (error) {
    if (!(error instanceof DerError)) throw error
  }
}
