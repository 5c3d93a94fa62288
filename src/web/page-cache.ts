import { brotliCompressSync, constants } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PageContext } from './context.ts'
import { layout, type Page, type PageAssets } from './layout.ts'

interface Kept {
  plain: Buffer
  brotli: Buffer
}

const MOST = 2000

/**
 * Pages that are the same for everyone who is not signed in, kept until the catalogue changes. They hold no token and set no
 * cookie, so they can be compressed and kept by whoever stands between.
 */
export function openPageCache(parts: {
  assets: PageAssets
  demo: boolean
  zone: string
  now(): Date
  generation(): number
}) {
  let generation = -1
  const kept = new Map<string, Kept>()

  async function draw(request: FastifyRequest, make: (context: PageContext) => Promise<Page>): Promise<Kept> {
    const { demo, zone } = parts
    const context: PageContext = {
      language: request.language,
      path: request.url.split('?')[0] ?? '/',
      demo,
      acting: null,
      warnings: [],
      unopened: 0,
      csrf: '',
      zone,
      now: parts.now(),
    }
    const plain = Buffer.from(layout(context, parts.assets, await make(context)).text)
    return { plain, brotli: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }) }
  }

  return async function sendCached(
    request: FastifyRequest,
    reply: FastifyReply,
    make: (context: PageContext) => Promise<Page>,
  ): Promise<FastifyReply> {
    if (request.acting) {
      const context = await reply.context()
      return reply.page(await make(context))
    }
    if (parts.generation() !== generation) {
      kept.clear()
      generation = parts.generation()
    }
    const key = `${request.language} ${request.url}`
    let page = kept.get(key)
    if (!page) {
      page = await draw(request, make)
      if (kept.size >= MOST) kept.clear()
      kept.set(key, page)
    }
    reply
      .header('cache-control', 'no-cache')
      .header('vary', 'cookie, accept-language, accept-encoding')
      .type('text/html; charset=utf-8')
    if (/\bbr\b/.test(String(request.headers['accept-encoding'] ?? '')))
      return reply.header('content-encoding', 'br').send(page.brotli)
    return reply.send(page.plain)
  }
}

export type SendCached = ReturnType<typeof openPageCache>
