import type { FastifyInstance } from 'fastify'
import type { TimestampAuthority } from '#modules/timestamping/index.ts'
import { LARGEST_REQUEST } from '#trust/timestamp/request.ts'

interface TimeParts {
  authority: TimestampAuthority | undefined
  /** Of one address. */
  requestsPerMinute: number
}

const QUERY = 'application/timestamp-query'

/** RFC 3161, 3.4: time-stamps over HTTP. Every request that comes as one has an answer of the protocol, refusals too. */
export function timeRoutes(app: FastifyInstance, { authority, requestsPerMinute }: TimeParts): void {
  if (!authority) return
  const rateLimit = { max: requestsPerMinute, timeWindow: '1 minute' }
  const config = { guard: 'open' as const, bytes: true, rateLimit }
  app.post<{ Body: Buffer }>('/tsa', { config, bodyLimit: LARGEST_REQUEST }, async (request, reply) => {
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    if (type !== QUERY) throw Object.assign(new Error(`send ${QUERY}`), { statusCode: 415 })
    return reply.type('application/timestamp-reply').send(await authority.answer(request.body))
  })
}
