import type { FastifyRequest } from 'fastify'

const LOOPBACK = new Set(['127.0.0.1', '[::1]'])

/**
 * The same page at the shop's own address, where a browser on this machine came by another name of it: challenges are for
 * one origin, and what was typed at another would stay with another's cookies. Only between names of this machine: what a
 * proxy in front calls the shop is its own affair.
 */
export function ownAddress({ method, headers, url }: FastifyRequest, publicUrl: string): string | undefined {
  const own = new URL(publicUrl)
  const came = URL.parse(`http://${headers.host}`)
  const isPage = method === 'GET' && String(headers.accept ?? '').includes('text/html')
  if (!isPage || !came || own.hostname !== 'localhost' || !LOOPBACK.has(came.hostname)) return undefined
  return `${own.origin}/${url.replace(/^[/\\]+/, '')}`
}
