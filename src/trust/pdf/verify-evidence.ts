import type { SignedData } from '#trust/cms/read-signed-data.ts'
import { OID } from '#trust/der/oids.ts'
import { context, DerError, type DerValue } from '#trust/der/read.ts'
import { noData, type ValidationData } from '#trust/validation/facts.ts'
import { PdfError } from './errors.ts'
import type { PdfFile } from './file.ts'
import { isStream, type PdfDict, type PdfValue } from './values.ts'

const MOST_ITEMS = 500
const LARGEST = 32 * 1024 * 1024

/** The document security store of this state of the file (EN 319 142-1, 5.4.2), if it has one. */
export function findSecurityStore(file: PdfFile): PdfDict | undefined {
  return file.dict(file.catalog.get('DSS'))
}

/** Whether there is anything in it about revocation: what makes a signature last (EN 319 142-1, 6.3). */
export function hasRevocationData(file: PdfFile): boolean {
  const store = findSecurityStore(file)
  return ['CRLs', 'OCSPs'].some((key) => (file.array(store?.get(key)) ?? []).length > 0)
}

/** Everything in the file that helps to judge certificates: what cannot be read is left out. */
export function readEvidence(file: PdfFile, messages: readonly SignedData[]): ValidationData {
  const evidence = readMessages(messages)
  const store = findSecurityStore(file)
  const left = { bytes: LARGEST }
  evidence.certificates.push(...readStreams(file, store?.get('Certs'), left))
  evidence.crls.push(...readStreams(file, store?.get('CRLs'), left))
  evidence.ocspResponses.push(...readStreams(file, store?.get('OCSPs'), left))
  return {
    certificates: withoutDoubles(evidence.certificates),
    crls: withoutDoubles(evidence.crls),
    ocspResponses: withoutDoubles(evidence.ocspResponses),
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

const withoutDoubles = (items: Buffer[]): Buffer[] =>
  [...new Map(items.map((each) => [each.toString('latin1'), each])).values()].slice(0, MOST_ITEMS)

function readStreams(file: PdfFile, list: PdfValue | undefined, left: { bytes: number }): Buffer[] {
  const found: Buffer[] = []
  for (const each of (file.array(list) ?? []).slice(0, MOST_ITEMS)) {
    try {
      const stream = file.resolve(each)
      const data = isStream(stream) ? file.data(stream) : undefined
      left.bytes -= data?.length ?? 0
      if (left.bytes < 0) break
      if (data) found.push(data)
    } catch (error) {
      if (!(error instanceof PdfError)) throw error
    }
  }
  return found
}

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
