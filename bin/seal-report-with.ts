import { basename } from 'node:path'
import type { Language } from '#kernel/texts.ts'
import { openRenderer } from '#modules/documents/index.ts'
import { openKey, openSeal } from '#modules/seals/index.ts'
import { type Explanation, sealReport } from '#modules/verification/index.ts'
import { attributeValue } from '#trust/certificate/name.ts'
import { OID } from '#trust/der/oids.ts'
import { readPassword, UsageRefusal } from './read-options.ts'
import { instantsOf } from './show-explanation.ts'

const ACCENT = '#4a4a4a'

/**
 * The report under a seal of whoever asks, who keeps their own record of its use.
 * @throws UsageRefusal, StartRefusal for a seal that cannot be opened
 */
export async function sealReportWith(
  given: { p12: string; passwordFile: string | undefined },
  explanation: Explanation,
  { fileName, language }: { fileName: string; language: Language },
  at: Date,
): Promise<Buffer> {
  if (given.passwordFile === undefined) throw new UsageRefusal('--seal-p12 wants --password-file')
  const password = await readPassword(given.passwordFile)
  const key = await openKey({ kind: 'pkcs12', file: given.p12, password }, given.p12)
  const seal = openSeal('report', key, async () => {})
  const institution = attributeValue(seal.certificate.subject, OID.commonName) ?? '?'
  const renderer = openRenderer({ publicUrl: '', platform: institution, accent: ACCENT })
  try {
    const parts = { renderer, seal, sealOf: () => seal, platformName: institution }
    const frame = { language, institution, fileName: basename(fileName), instant: instantsOf(language) }
    return await sealReport(parts, explanation, frame, at)
  } finally {
    await renderer.close()
    await key.close()
  }
}
