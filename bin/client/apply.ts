import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readNamedFile, UsageRefusal } from '../read-options.ts'
import type { SignedIn } from './flags.ts'
import { samplePdf } from './sample-attachment.ts'
import type { Shop } from './shop.ts'
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
  const data = application.data ?? service.example
  if (!data) throw new UsageRefusal(`${application.service} cannot be done online.`)
  const draft = await shop.post<{ id: string }>('/api/v1/drafts', { serviceId: application.service })
  const path = `/api/v1/drafts/${draft.id}`
  await attach(shop, path, service, application)
  await shop.put(path, { data })
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
  const { status } = await shop.get<CaseShown>(`/api/v1/cases/${folio}`)
  return { folio, caseId, status, receipt }
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
  for (let waited = 0; waited < RECEIPT_SECONDS; waited += 0.25) {
    const { receipt } = await shop.get<CaseShown>(`/api/v1/cases/${folio}`)
    if (receipt) {
      await mkdir(out, { recursive: true })
      const file = join(out, 'acuse.pdf')
      await writeFile(file, await shop.download(`/api/v1/cases/${folio}/documents/${receipt.documentId}`))
      return file
    }
    await wait(250)
  }
  return null
}
