import type { FastifyRequest } from 'fastify'

const LOOPBACK = /^(127\.0\.0\.1|\[::1\])(:\d+)?$/

/**
 * The same page at the shop's own address, where a browser on this machine came by another name of it: challenges are for
 * one origin, and what was typed at another would stay with another's cookies. Only between names of this machine: what a
 * proxy in front calls the shop is its own affair.
 */
export function ownAddress({ method, headers, url }: FastifyRequest, publicUrl: string): string | undefined {
  if (!LOOPBACK.test(headers.host ?? '') || method !== 'GET') return undefined
  if (!publicUrl.startsWith('http://localhost:') || !headers.accept?.includes('text/html')) return undefined
  return `${publicUrl}/${url.replace(/^[/\\]+/, '')}`
}
