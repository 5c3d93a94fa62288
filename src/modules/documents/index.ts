export { type CheckedFile, checkFile } from './attachments/check-file.ts'
export {
  type Attachment,
  addAttachment,
  listAttachments,
  moveAttachments,
  readAttachment,
  removeAttachment,
  removeAttachments,
} from './attachments/store.ts'
export { newCode, parseCode } from './code.ts'
export { type Signature, storeSigned, type VerifiedSignature, verifySignature } from './complete-signature.ts'
export type { DocumentsParts, TimestampSource } from './documents-parts.ts'
export type { DocumentsCode } from './errors.ts'
export { type IssuingInstitution, type SealedDocument, sealDocument, storeSealed } from './issue-sealed.ts'
export {
  type Block,
  type DocumentKind,
  documentKinds,
  type EmbeddedPart,
  heading,
  type OfficialDocument,
  paragraph,
  rows,
  small,
  strong,
} from './official-document.ts'
export {
  findPreparation,
  forgetExpiredPreparations,
  newestPreparation,
  type Preparation,
  type PrepareDocument,
  type PreparedDocument,
  prepareDocument,
  readPreparation,
  readPreparedPdf,
} from './prepare-document.ts'
export { openRenderer, type Renderer } from './renderer.ts'
export {
  countToPreserve,
  type DocumentKey,
  describeDocument,
  findDocumentByCode,
  listDocuments,
  readDocument,
  type StoredDocument,
  storeDocument,
  takeToPreserve,
} from './store.ts'
export { documentsRefusals, documentTexts } from './texts.ts'
