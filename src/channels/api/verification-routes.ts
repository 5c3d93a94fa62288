import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '#kernel/refusal.ts'
import type { Language } from '#kernel/texts.ts'
import { type Explanation, sealReport, tell } from '#modules/verification/index.ts'
import { showInstant } from '#web/format.ts'
import type { ShopParts } from '../shop-parts.ts'
import { open } from './described.ts'
import { readFile } from './read-file.ts'
import * as shapes from './shapes.ts'
import { Verification } from './verification-answer.ts'

/** Reading a hostile file to the end costs seconds: a minute of one address holds so many. */
const rateLimit = { max: 60, timeWindow: '1 minute' }

/** What anyone may have checked: the file is read, judged and forgotten. */
export function verificationRoutes(app: FastifyInstance, parts: ShopParts): void {
  const { examiner, clock, documents } = parts
  const { zone } = parts.cases.catalogue.settings
  const instantsIn = (language: Language) => (at: Date) => showInstant(at, { language, zone })

  async function examine(request: FastifyRequest): Promise<{ name: string; explanation: Explanation }> {
    const { name, bytes } = readFile(request)
    if (bytes.length === 0) throw new Refusal('file-empty', {}, 422)
    return { name, explanation: await examiner.examine(bytes, clock.now(), request.ip) }
  }

  app.post(
    '/verifications',
    open({
      summary:
        'What a signed file proves: its bytes as the body; nothing of it is kept (docs/formats/validation-report.md)',
      ...shapes.file,
      answer: Verification,
      rateLimit,
    }),
    async (request) => {
      const { explanation } = await examine(request)
      const { verdict, format, sound, trusted, sha256, kind, folio, demo, log, inside = [], report } = explanation
      const told = tell(explanation, request.language, instantsIn(request.language))
      return {
        verdict,
        format,
        sound,
        trusted,
        demo,
        sha256,
        kind: kind ?? null,
        folio: folio ?? null,
        told,
        log: log ? { indication: log.indication, origin: log.origin ?? null, index: log.index ?? null } : null,
        inside: inside.map((each) => ({ ...each, kind: each.kind ?? null })),
        report: report ?? null,
      }
    },
  )
  app.post(
    '/verifications/report',
    open({
      summary: 'The same as a PDF under the seal of the shop; nobody keeps a copy',
      ...shapes.file,
      answer: 'application/pdf',
      rateLimit,
    }),
    async (request, reply) => {
      const { name, explanation } = await examine(request)
      const { language } = request
      const instant = instantsIn(language)
      const frame = { language, institution: documents.platformName, fileName: name, instant }
      return reply.type('application/pdf').send(await sealReport(documents, explanation, frame, clock.now()))
    },
  )
}
