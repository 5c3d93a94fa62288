import { open, readFile, stat } from 'node:fs/promises'
import type { SigningKey } from '#modules/seals/index.ts'
import { PdfError, SigningError } from '#trust/pdf/errors.ts'
import { NO_PAGE } from '#trust/pdf/place-field.ts'
import { type PadesRequest, signPdf, TOKEN_SIZE } from '#trust/pdf/sign-pdf.ts'
import { verifyPdf } from '#trust/pdf/verify-pdf.ts'
import { UsageRefusal } from '../read-options.ts'
import type { SigningSources } from './open-sources.ts'
import { signAsContainer } from './sign-as-container.ts'
import { signAsMessage } from './sign-as-message.ts'
import type { SigningFormat, SigningOrder } from './signing-flags.ts'
import { refuseSigning } from './texts.ts'

export interface Signing {
  order: SigningOrder
  key: Pick<SigningKey, 'certificate' | 'digestAlgorithm'>
  /** Authorities above the signer, DER. */
  chain: readonly Uint8Array[]
  /** @param attributes DER: what is signed */
  sign(attributes: Uint8Array): Promise<Uint8Array>
  sources: SigningSources
  at: Date
  /** How the signer is shown in a PDF. */
  name: string | undefined
}

/** Whole in memory: a PDF, what goes into a message or a container. */
const LARGEST_WHOLE = 512 * 1024 * 1024

/** A PDF signs itself; anything else gets a message beside it. */
export async function formatOf({ format, files }: SigningOrder): Promise<SigningFormat> {
  if (format) return format
  const file = await open(files[0]!)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0)
    return buffer.subarray(0, bytesRead).includes('%PDF-') ? 'pdf' : 'cms'
  } finally {
    await file.close()
  }
}

/** The bytes of the result, piece by piece. Nothing is asked of the key before the files were read. */
export async function signFile(signing: Signing, format: SigningFormat): Promise<AsyncIterable<Uint8Array> | Buffer[]> {
  const { files } = signing.order
  if (format === 'pdf') return [await signAsPdf(signing, await readWhole(files[0]!))]
  if (format === 'asic') return signAsContainer(signing, readWhole)
  return [await signAsMessage(signing, files[0]!, readWhole)]
}

async function readWhole(file: string): Promise<Buffer> {
  if ((await stat(file)).size > LARGEST_WHOLE)
    throw new UsageRefusal(`${file} is larger than 512 MB: sign it beside itself with --format cms.`)
  return readFile(file)
}

async function signAsPdf(signing: Signing, pdf: Buffer): Promise<Buffer> {
  const { order, key, chain, sources, at } = signing
  const { place, field, certification, reason, location } = order.pdf
  const level: PadesRequest['level'] = `B-${order.level}`
  const size = [key.certificate.der, ...chain].reduce((sum, { length }) => sum + length, 2000)
  try {
    return await signPdf(pdf, {
      field: {
        fieldName: field ?? `signature-${verifyPdf(pdf).signatures.length + 1}`,
        name: order.pdf.name ?? signing.name,
        reason,
        location,
        certification,
        signingTime: at,
        contentsSize: size + (order.level === 'B' ? 0 : TOKEN_SIZE),
        ...(place && { appearance: place }),
      },
      signer: {
        certificate: key.certificate,
        certificates: chain,
        digestAlgorithm: key.digestAlgorithm,
        sign: (attributes) => signing.sign(attributes),
      },
      level,
      sources,
    })
  } catch (error) {
    // Nothing is wrong with a file that has fewer pages than somebody thought.
    if (error instanceof PdfError && error.message === NO_PAGE && order.pdf.place)
      throw refuseSigning('pdf-no-page', order.language, { page: String(order.pdf.place.page) })
    if (error instanceof PdfError || error instanceof SigningError)
      throw refuseSigning(`pdf-${error.problem}`, order.language, { detail: error.message })
    throw error
  }
}
