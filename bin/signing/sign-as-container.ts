import { createHash } from 'node:crypto'
import { basename, extname } from 'node:path'
import { prepareArchive } from '#trust/asic/archive-asic.ts'
import { AsicError } from '#trust/asic/errors.ts'
import { type AsicPart, makeAsic } from '#trust/asic/make-asic.ts'
import { digestOfBytes } from '#trust/cms/digest-content.ts'
import { UsageRefusal } from '../read-options.ts'
import { makeCades } from './sign-as-message.ts'
import type { Signing } from './sign-file.ts'

/** What the manifest says that a part is; nobody is bound by it. */
const TYPES: Record<string, string> = {
  '.pdf': 'application/pdf',
  '.xml': 'application/xml',
  '.json': 'application/json',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
}

/** ASiC-E with one CAdES signature over all files, each by its own name. */
export async function signAsContainer(
  signing: Signing,
  readWhole: (file: string) => Promise<Buffer>,
): Promise<AsyncIterable<Uint8Array> | Buffer[]> {
  const { files, level } = signing.order
  const names = files.map((file) => basename(file))
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice) throw new UsageRefusal(`Two of the files are called ${twice}: a container has each name once.`)
  const parts: AsicPart[] = []
  for (const [i, file] of files.entries()) {
    const mimeType = TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream'
    parts.push({ name: names[i]!, mimeType, bytes: await readWhole(file) })
  }
  const container = makeAsic(parts, signing.at, (manifest) => makeCades(signing, digestOfBytes(manifest)))
  try {
    return level === 'LTA' ? await archived(signing, container) : [await gathered(container)]
  } catch (error) {
    if (error instanceof RangeError || error instanceof AsicError)
      throw new UsageRefusal(`A container of these files cannot be made: ${error.message}.`)
    throw error
  }
}

async function archived({ sources, at }: Signing, container: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const prepared = prepareArchive(await gathered(container), { at })
  const token = await sources.timestamp(createHash('sha256').update(prepared.manifest).digest())
  return [...prepared.complete(token)]
}

async function gathered(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const each of pieces) all.push(each)
  return Buffer.concat(all)
}
