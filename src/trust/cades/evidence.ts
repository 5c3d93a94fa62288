import { type Attributes, readSignedData, type SignedData } from '#trust/cms/read-signed-data.ts'
import { frameBasic, readOcspChoice } from '#trust/cms/revocation-choices.ts'
import { OID } from '#trust/der/oids.ts'
import { context, type DerValue, readDer, TAG } from '#trust/der/read.ts'
import { noData, type ValidationData } from '#trust/validation/facts.ts'
import type { AttributeValue, Covered } from './hash-index.ts'
import { orNone } from './or-none.ts'

type Values = Attributes['values']

const TOKENS: ReadonlySet<string> = new Set([
  OID.signatureTimeStampToken,
  OID.archiveTimestampV3,
  OID.archiveTimestampV2,
  OID.contentTimestamp,
])

/** Attributes with evidence that are read, of all in a message: four times the time-stamps that are verified. */
const MOST_HOLDERS = 1024

const HOLDING: ReadonlySet<string> = new Set([...TOKENS, OID.certificateValues, OID.revocationValues])

/**
 * Everything in a message that helps to judge certificates, where anybody puts it, some of it perhaps twice: what cannot be read is left
 * out.
 */
export function evidenceOf(data: SignedData): ValidationData {
  const { certificates, crls, ocspResponses, signers } = data
  const inside = signers.flatMap(({ signedAttributes, unsignedAttributes }) => [
    ...entriesOf(signedAttributes?.values),
    ...entriesOf(unsignedAttributes?.values),
  ])
  const carried = { certificates: [...certificates], crls: [...crls], ocspResponses: [...ocspResponses] }
  return dataInAttributes(inside.slice(0, MOST_HOLDERS), carried)
}

function entriesOf(values: Values | undefined): AttributeValue[] {
  const found: AttributeValue[] = []
  for (const [type, all] of values ?? []) if (HOLDING.has(type)) for (const value of all) found.push({ type, value })
  return found
}

/** What an archive time-stamp covers, as validation data; so it does what lies in time-stamps that it covers. */
export function dataCovered({ certificates, revocation, attributes }: Covered): ValidationData {
  const choices = noData()
  for (const each of certificates) if (each[0] === TAG.sequence) choices.certificates.push(each)
  for (const each of revocation) {
    const response = each[0] === TAG.sequence ? undefined : orNone(() => readOcspChoice(readDer(each)))
    if (each[0] === TAG.sequence) choices.crls.push(each)
    else if (response) choices.ocspResponses.push(response)
  }
  return dataInAttributes(attributes, choices)
}

/** One after the other into the same lists: there may be very many. */
function dataInAttributes(found: readonly AttributeValue[], into: ValidationData = noData()): ValidationData {
  for (const each of found) collect(into, dataInAttribute(each))
  return into
}

function collect(into: ValidationData, { certificates, crls, ocspResponses }: ValidationData): void {
  for (const each of certificates) into.certificates.push(each)
  for (const each of crls) into.crls.push(each)
  for (const each of ocspResponses) into.ocspResponses.push(each)
}

function dataInAttribute({ type, value }: AttributeValue): ValidationData {
  if (TOKENS.has(type)) return dataInToken(value.bytes)
  if (type === OID.certificateValues)
    return { ...noData(), certificates: orNone(() => value.items().map(({ bytes }) => bytes)) ?? [] }
  if (type === OID.revocationValues) return orNone(() => readRevocationValues(value)) ?? noData()
  return noData()
}

/** A token keeps its own beside its signature or, as some do, in attributes (EN 319 122-1, 5.5.3). */
function dataInToken(token: Buffer): ValidationData {
  const data = orNone(() => readSignedData(token))
  if (!data) return noData()
  const { certificates, crls, ocspResponses, signers } = data
  const values = signers.flatMap(({ unsignedAttributes }) => entriesOf(unsignedAttributes?.values))
  const inAttributes = values.filter(({ type }) => !TOKENS.has(type))
  return dataInAttributes(inAttributes, { certificates, crls, ocspResponses })
}

/** RevocationValues (EN 319 122-1, A.1.2.2): lists, bare answers, others. */
function readRevocationValues(value: DerValue): ValidationData {
  const fields = value.sequence()
  const crls = fields.optional(context(0))?.explicit().items() ?? []
  const answers = fields.optional(context(1))?.explicit().items() ?? []
  return {
    certificates: [],
    crls: crls.map(({ bytes }) => bytes),
    ocspResponses: answers.map(({ bytes }) => frameBasic(bytes)),
  }
}
