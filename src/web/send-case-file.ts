import type { FastifyReply } from 'fastify'
import { CASE_FILE_TYPE, type CaseFile } from '#modules/case-files/index.ts'

/** As a download that no cache keeps; whoever goes away meanwhile ends it. */
export function sendCaseFile(reply: FastifyReply, { name, size, stream }: CaseFile): FastifyReply {
  return reply
    .type(CASE_FILE_TYPE)
    .header('cache-control', 'no-store')
    .header('content-length', size)
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(stream)
}

/** From one address, behind which a whole office may be: a case is read, packed and perhaps sealed for each. */
export const caseFileRate = { max: 60, timeWindow: '1 minute' }
