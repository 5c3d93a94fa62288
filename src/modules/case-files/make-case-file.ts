import { type FileHandle, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256, sha256Hex } from '#kernel/bytes.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { calendarOf } from '#modules/cases/index.ts'
import { KeyFault } from '#modules/seals/index.ts'
import { type AsicPart, makeAsic } from '#trust/asic/make-asic.ts'
import type { CaseFileParts } from './case-file-parts.ts'
import { describeCase, type WrittenFile } from './describe-case.ts'
import type { CaseFilesCode } from './errors.ts'
import type { CaseContents } from './gather-case.ts'
import { type ListedFile, listFiles } from './list-files.ts'
import { proveEntries } from './log-entries.ts'
import { sealManifest } from './seal-manifest.ts'
import { findSealed, keepSealed, type SealedRow } from './store.ts'
import { writeIndex } from './write-index.ts'

export interface MadeFile {
  /** Open for reading; the file has no name any more, and ends with it. */
  handle: FileHandle
  /** Bytes. */
  size: number
}

/** Of a container, in bytes and files: what verifiers, ours too, still read. */
const LARGEST = 500 * 1024 * 1024
const MOST_FILES = 1900

const tooLarge = () => new Refusal<CaseFilesCode>('case-file-too-large', {}, 422)

/** Writes the container into a file without a name, one document at a time. @throws Refusal `case-file-too-large`, `case-file-not-sealed` */
export async function makeCaseFile(parts: CaseFileParts, contents: CaseContents): Promise<MadeFile> {
  const { cases } = parts
  const { record, reader } = contents
  const before = await findSealed(cases.db, record, reader)
  const { proven, proofs } = await proveEntries(parts, contents, before?.proofs ?? {})
  const files = listFiles(parts, contents, proven)
  if (files.length > MOST_FILES) throw tooLarge()
  const sign = (manifest: Buffer) => signOnce(parts, contents, before, proofs, manifest)
  const handle = await openNameless(parts.folder)
  try {
    let size = 0
    // Entries say when the case last moved: whoever asks again gets the same bytes.
    const at = contents.steps.at(-1)?.at ?? record.submittedAt
    for await (const piece of makeAsic(readParts(parts, contents, files), at, sign)) {
      size += piece.length
      if (size > LARGEST) throw tooLarge()
      await handle.write(piece)
    }
    return { handle, size }
  } catch (error) {
    await handle.close()
    throw error
  }
}

const PREFIX = 'case-file-'

/** Takes away what a process left that was killed between the two steps of `openNameless`. */
export async function removeLeftovers(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => name.startsWith(PREFIX))
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })))
}

async function openNameless(folder: string): Promise<FileHandle> {
  const path = join(folder, `${PREFIX}${newId()}`)
  const handle = await open(path, 'wx+', 0o600)
  // From here on the file ends with the handle, however this process ends.
  await rm(path, { force: true })
  return handle
}

async function* readParts(
  { cases }: CaseFileParts,
  contents: CaseContents,
  files: readonly ListedFile[],
): AsyncGenerator<AsicPart> {
  const written: WrittenFile[] = []
  for (const { read, ...file } of files) {
    const { bytes, issuedBytes } = await read()
    written.push({ ...file, digest: sha256Hex(bytes), bytes: bytes.length, issuedBytes })
    yield { name: file.name, mimeType: file.mimeType, bytes }
  }
  yield { name: 'case.json', mimeType: 'application/json', bytes: describeCase(contents, written) }
  const { record, ficha } = contents
  const institution = cases.catalogue.institutions.get(record.institution)!.name
  const index = { contents, institution, files, zone: calendarOf(cases, ficha).zone }
  for (const [name, language] of [
    ['indice.html', 'es'],
    ['index.html', 'en'],
  ] as const)
    yield { name, mimeType: 'text/html', rootFile: language === record.language, bytes: writeIndex(index, language) }
}

/** The signature that is kept, while it is over the same manifest and by the seal of today; else a new one. */
async function signOnce(
  { cases }: CaseFileParts,
  { record, reader }: CaseContents,
  before: SealedRow | undefined,
  proofs: SealedRow['proofs'],
  manifest: Buffer,
): Promise<Buffer> {
  const digest = sha256(manifest)
  const { seal, timestamp } = cases.documents
  const certificate = Buffer.from(seal.certificate.sha256, 'hex')
  const isSame = before?.manifest.equals(digest) && before.certificate_sha256.equals(certificate)
  if (before && isSame && (before.stamped || !timestamp)) return before.signature
  const { signature, stamped } = await sealManifest(cases, manifest).catch((error) => {
    if (error instanceof KeyFault) throw new Refusal<CaseFilesCode>('case-file-not-sealed', {}, 503)
    throw error
  })
  await keepSealed(cases.db, record, {
    reader,
    proofs,
    manifest: digest,
    signature,
    certificate_sha256: certificate,
    stamped,
    sealed_at: cases.clock.now(),
  })
  return signature
}
