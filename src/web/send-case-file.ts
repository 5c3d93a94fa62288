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

/** A whole case is read, packed and perhaps sealed for each: seldom needed twice in a minute. */
export const caseFileRate = { max: 20, timeWindow: '1 minute' }
