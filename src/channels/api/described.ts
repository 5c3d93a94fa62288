import { type TSchema, Type } from '@sinclair/typebox'
import type { RouteShorthandOptions } from 'fastify'
import { Problem } from './answers.ts'

type FileType = 'application/pdf' | 'application/vnd.etsi.asic-e+zip'

/** A route as the OpenAPI document describes it. */
export interface Described {
  summary: string
  params?: TSchema
  querystring?: TSchema
  body?: TSchema | { content: Record<string, { schema: TSchema }> }
  headers?: TSchema
  /** Of success. A file is named by its type; nothing is 204. */
  answer: TSchema | FileType | 'nothing'
  /** Where it is not JSON as usual, and not 200. */
  type?: 'application/json' | 'application/ld+json'
  status?: 200 | 201 | 202
  /** Fewer than the server's usual. */
  rateLimit?: { max: number; timeWindow: string }
}

const problem = {
  description: 'What was refused, and why',
  content: { 'application/problem+json': { schema: Type.Unsafe({ $ref: `${Problem.$id}#` }) } },
}
const nothing = { description: 'Done', type: 'null' }
const file = (type: string) => ({ description: 'The document', content: { [type]: { schema: Type.Unsafe({}) } } })

function schemaOf({ answer, type = 'application/json', status = 200, rateLimit: _, ...asked }: Described) {
  if (answer === 'nothing') return { ...asked, response: { 204: nothing, default: problem } }
  if (typeof answer === 'string') return { ...asked, response: { 200: file(answer), default: problem } }
  const { summary } = asked
  return {
    ...asked,
    response: {
      [status]: { description: summary, content: { [type]: { schema: answer } } },
      default: problem,
    },
  }
}

const limited = ({ rateLimit }: Described) => (rateLimit ? { rateLimit } : {})

const bearer = { security: [{ bearer: [] }] }

/** Anyone's route. */
export const open = (route: Described): RouteShorthandOptions => ({
  config: { guard: 'open', ...limited(route) },
  schema: schemaOf(route),
})

/** A route for whoever signed in: a person, or a company by its representative. */
export const signedIn = (route: Described): RouteShorthandOptions => ({
  config: { guard: 'session', ...limited(route) },
  schema: { ...schemaOf(route), ...bearer },
})

/** A route for public servants; of which institution and in which role, the use-case asks. */
export const servant = (route: Described): RouteShorthandOptions => ({
  config: { guard: 'servant', ...limited(route) },
  schema: { ...schemaOf(route), ...bearer },
})

export const demo = (route: Described): RouteShorthandOptions => ({
  config: { guard: 'demo' },
  schema: schemaOf(route),
})
