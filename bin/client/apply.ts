import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { stopwatch } from '#kernel/clock.ts'
import { readNamedFile, UsageRefusal } from '../read-options.ts'
import type { SignedIn } from './flags.ts'
import { samplePdf } from './sample-attachment.ts'
import { NetworkFault, type Shop } from './shop.ts'
import { type Prepared, sameData, signPrepared } from './sign-document.ts'

type Data = Record<string, unknown>

interface Service {
  example: Data | null
  attachments: Array<{ field: string; required: boolean }>
}

interface CaseShown {
  folio: string
  caseId: string
  status: string
  receipt: { documentId: string } | null
}

export interface Application {
  service: string
  /** Undefined: the service's published example, with sample files. */
  data: Data | undefined
  attach: Array<{ field: string; file: string }>
  consent: boolean
  email: string | undefined
  out: string
}

const RECEIPT_SECONDS = 30

/** From a draft to the sealed receipt. */
export async function apply({ shop, efirma }: SignedIn, application: Application) {
  const service = await shop.get<Service>(`/api/v1/services/${encodeURIComponent(application.service)}`)
  // What is signed cannot be taken back: whether the receipt has where to go is found out before.
  await makeFolder(application.out)
  const data = application.data ?? service.example
  if (!data) throw new UsageRefusal(`${application.service} cannot be done online.`)
  const draft = await shop.post<{ id: string }>('/api/v1/drafts', { serviceId: application.service, data })
  const path = `/api/v1/drafts/${draft.id}`
  await attach(shop, path, service, application)
  await pay(shop, path)
  const prepared = await shop.post<Prepared>(`${path}/prepare`, {
    consent: application.consent,
    ...(application.email && { email: application.email }),
  })
  const signature = signPrepared(efirma, prepared, (signed) => {
    const { format, data: inside } = signed as { format?: string; data?: Data }
    return format === 'ventanilla application 1' && sameData(inside, data)
  })
  const submitted = await shop.post<CaseShown>(`${path}/signature`, signature, { key: prepared.preparationId })
  const { folio, caseId } = submitted
  const receipt = await fetchReceipt(shop, folio, application.out)
  const { status } = (await unlessSilent(shop.get<CaseShown>(`/api/v1/cases/${folio}`))) ?? submitted
  return { folio, caseId, status, receipt }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw new UsageRefusal(`--out ${folder} cannot be made a folder (${(error as NodeJS.ErrnoException).code}).`)
  }
}

async function attach(shop: Shop, path: string, service: Service, application: Application): Promise<void> {
  const files = await Promise.all(
    application.attach.map(async ({ field, file }) => ({
      field,
      name: basename(file),
      bytes: await readNamedFile(file),
    })),
  )
  if (!application.data)
    for (const { field, required } of service.attachments)
      if (required && !files.some((each) => each.field === field))
        files.push({ field, name: 'ejemplo.pdf', bytes: samplePdf(`Ejemplo: ${field}`) })
  for (const { field, name, bytes } of files)
    await shop.upload(`${path}/attachments?field=${encodeURIComponent(field)}`, {
      name,
      type: 'application/octet-stream',
      bytes,
    })
}

/** A service with a fee waits for the bank; a demo's bank is asked to pay at once. */
async function pay(shop: Shop, path: string): Promise<void> {
  const payment = await shop.post<{ status: string; reference?: string }>(`${path}/payment`, {})
  if (payment.status === 'pending') await shop.post('/api/v1/demo/payments', { reference: payment.reference })
}

/** @returns where the receipt was written, or null if it has not come in time */
async function fetchReceipt(shop: Shop, folio: string, out: string): Promise<string | null> {
  const elapsed = stopwatch()
  while (elapsed() < RECEIPT_SECONDS) {
    const pdf = await unlessSilent(downloadReceipt(shop, folio))
    if (pdf) {
      const file = join(out, 'acuse.pdf')
      await writeFile(file, pdf)
      return file
    }
    await wait(250)
  }
  return null
}

async function downloadReceipt(shop: Shop, folio: string): Promise<Buffer | undefined> {
  const { receipt } = await shop.get<CaseShown>(`/api/v1/cases/${folio}`)
  return receipt ? shop.download(`/api/v1/cases/${folio}/documents/${receipt.documentId}`) : undefined
}

/** After the submission a silent server takes nothing back: the folio is what must be told. */
async function unlessSilent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof NetworkFault) return undefined
    throw error
  }
}
