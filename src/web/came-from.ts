import type { FastifyRequest } from 'fastify'

/** The page of this site on which the person pressed, if the browser says so and it is one of ours. */
export function cameFrom({ headers }: Pick<FastifyRequest, 'headers'>, publicUrl: string): URL | undefined {
  if (!headers.referer || !URL.canParse(headers.referer)) return undefined
  const from = new URL(headers.referer)
  return from.origin === new URL(publicUrl).origin ? from : undefined
}
