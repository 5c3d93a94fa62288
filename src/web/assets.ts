import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { FastifyInstance } from 'fastify'
import type { PageAssets } from './layout.ts'
import { buildStyles } from './styles.ts'

interface Asset {
  type: string
  bytes: Buffer
  brotli: Buffer | undefined
  gzip: Buffer | undefined
}

export interface Assets {
  page: PageAssets
  files: Map<string, Asset>
}

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#285C4D" d="M4 3h8v26H4z"/><path fill="#B38E5D" d="M13 3h6v26h-6z"/><path fill="#9D2449" d="M20 3h8v26h-8z"/></svg>'

/** Everything a page refers to, made once when the server starts and named by its digest. */
export async function buildAssets(packDir: string): Promise<Assets> {
  const files = new Map<string, Asset>()
  const add = (name: string, type: string, bytes: Buffer, compress = true): string => {
    const [stem, extension] = [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.'))]
    const url = `/assets/${stem}-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}${extension}`
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }
    files.set(url, {
      type,
      bytes,
      brotli: compress ? brotliCompressSync(bytes, quality) : undefined,
      gzip: compress ? gzipSync(bytes, { level: 9 }) : undefined,
    })
    return url
  }
  const font = add('noto-sans.woff2', 'font/woff2', readFont(400), false)
  const fontBold = add('noto-sans-bold.woff2', 'font/woff2', readFont(700), false)
  const stylesheet = add(
    'ventanilla.css',
    'text/css; charset=utf-8',
    Buffer.from(await buildStyles(packDir, { regular: font, bold: fontBold })),
  )
  const script = await bundle()
  const page: PageAssets = {
    font,
    fontBold,
    stylesheet,
    icon: add('icon.svg', 'image/svg+xml', Buffer.from(ICON)),
    script: {
      url: add('efirma.js', 'text/javascript; charset=utf-8', script),
      integrity: `sha384-${createHash('sha384').update(script).digest('base64')}`,
    },
  }
  return { page, files }
}

/** The Latin subset: every letter of Spanish, English and the indigenous languages' usual spelling, 13 KB a weight. */
function readFont(weight: 400 | 700): Buffer {
  return readFileSync(
    createRequire(import.meta.url).resolve(`@fontsource/noto-sans/files/noto-sans-latin-${weight}-normal.woff2`),
  )
}

/** The scripts that run in a person's browser, one file. */
async function bundle(): Promise<Buffer> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('../../browser/main.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
  })
  return Buffer.from(result.outputFiles[0]!.contents)
}

/** Served for ever under the name that their digest gives. */
export function assetRoutes(app: FastifyInstance, { files }: Assets): void {
  for (const [url, asset] of files) {
    app.get(url, { config: { guard: 'open' } }, async (request, reply) => {
      const accepted = String(request.headers['accept-encoding'] ?? '')
      reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('vary', 'accept-encoding')
        .type(asset.type)
      if (asset.brotli && /\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(asset.brotli)
      if (asset.gzip && /\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(asset.gzip)
      return reply.send(asset.bytes)
    })
  }
}
