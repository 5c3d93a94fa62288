import { sql } from 'kysely'
import type { Trx } from '#kernel/database.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { readSignedData } from '#trust/cms/read-signed-data.ts'
import { signedAttributesFor } from '#trust/cms/signed-attributes.ts'
import { verifySigner } from '#trust/cms/verify-signed-data.ts'
import { writeSignedData } from '#trust/cms/write-signed-data.ts'
import { gapContents } from '#trust/pdf/byte-range.ts'
import type { DocumentsParts } from './documents-parts.ts'
import type { DocumentsCode } from './errors.ts'
import type { Preparation } from './prepare-document.ts'
import type { StoredDocument } from './store.ts'

/** What the person's browser or program sends back. */
export interface Signature {
  /** DER. */
  certificate: Uint8Array
  /** DER of the SET OF signed attributes; first byte 0x31. */
  signedAttributes: Uint8Array
  signature: Uint8Array
}

/** Of what an older server prepared no digest was kept; it is prepared again. */
const SHA256_BYTES = 32

export interface VerifiedSignature {
  preparation: Preparation
  /** What goes into the gap that the byte range leaves: the whole of it, in hexadecimal. */
  contents: Buffer
}

/**
 * Verifies what came back against the prepared document and puts it in. Nothing is stored yet, so this runs outside the
 * act's transaction. Whether the certificate may sign for this person was asked before (`checkSigner`).
 * @throws Refusal `signature-not-of-document`, `preparation-expired`
 */
export async function verifySignature(
  parts: Pick<DocumentsParts, 'clock' | 'timestamp'>,
  preparation: Preparation,
  signature: Signature,
): Promise<VerifiedSignature> {
  if (parts.clock.now() > preparation.expiresAt) throw new Refusal<DocumentsCode>('preparation-expired', {}, 410)
  const { digest } = preparation
  if (digest.length !== SHA256_BYTES) throw new Refusal<DocumentsCode>('preparation-expired', {}, 410)
  const certificate = parseCertificate(signature.certificate)
  // What may be signed is exactly one sequence of bytes: anything else in the attributes is not for us to weigh.
  const expected = signedAttributesFor({ digest, certificate })
  if (!expected.equals(Buffer.from(signature.signedAttributes))) throw notOfDocument()
  const signer = { certificate, signedAttributes: expected, signature: signature.signature }
  const bare = writeSignedData({ signers: [signer] })
  const data = readSignedData(bare)
  const report = verifySigner(data, data.signers[0]!, () => digest, { requireSigningCertificate: true })
  if (!report.sound) throw notOfDocument()
  const timestampToken = await parts.timestamp?.(signature.signature)
  const stamped = timestampToken && writeSignedData({ signers: [{ ...signer, timestampToken }] })
  const [, gapStart, gapEnd] = preparation.byteRange
  // A token larger than the room costs the level, not the act.
  const fits = stamped && stamped.length * 2 <= gapEnd - gapStart - 2
  return { preparation, contents: gapContents(preparation.byteRange, fits ? stamped : bare) }
}

function notOfDocument(): Refusal<DocumentsCode> {
  return new Refusal('signature-not-of-document', {}, 422)
}

/**
 * Keeps the signed document, in the transaction of the act: the signature is put in where the document lies, which never leaves the
 * database for it. What was prepared keeps only a trace, so that signing twice is seen to be the same act.
 * @returns undefined where the same preparation was signed a moment ago by another request
 */
export async function storeSigned(
  trx: Trx,
  { preparation, contents }: VerifiedSignature,
  caseId: string | null,
): Promise<StoredDocument | undefined> {
  const { ownerId, kind, title, code, signingTime } = preparation
  const document = {
    ownerId,
    id: newId(),
    kind,
    caseId: caseId ?? preparation.caseId,
    title,
    code,
    createdAt: signingTime,
  }
  const [, gapStart] = preparation.byteRange
  const { rows } = await sql<{ sha256: Buffer }>`
    with prepared as (
      select overlay(pdf placing ${contents}::bytea from ${gapStart + 2}) as bytes from documents.preparation
      where owner_id = ${ownerId} and id = ${preparation.id} and document_id is null for update),
    signed as (
      update documents.preparation set document_id = ${document.id}, pdf = '' from prepared
      where owner_id = ${ownerId} and id = ${preparation.id}),
    named as (
      insert into documents.code (code, owner_id, document_id) select ${code}, ${ownerId}, ${document.id} from prepared),
    announced as (
      insert into documents.to_preserve (owner_id, document_id) select ${ownerId}, ${document.id} from prepared)
    insert into documents.document (owner_id, id, kind, case_id, title, sha256, bytes, code, created_at)
      select ${ownerId}, ${document.id}, ${kind}, ${document.caseId}, ${title}, sha256(bytes), bytes, ${code}, ${signingTime} from prepared
      returning sha256`.execute(trx)
  return rows[0] && { ...document, sha256: rows[0].sha256.toString('hex') }
}
