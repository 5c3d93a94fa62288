import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Refusal } from '#kernel/refusal.ts'

/** The network or the server failed: exit 4. */
export class NetworkFault extends Error {}

export interface Shop {
  readonly url: string
  token: string | undefined
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: unknown, options?: { key?: string }): Promise<T>
  put<T>(path: string, body: unknown): Promise<T>
  upload<T>(path: string, file: { name: string; type: string; bytes: Uint8Array }): Promise<T>
  download(path: string): Promise<Buffer>
  /** The same into a file of that folder, with the name that the server gives it, however large. */
  save(path: string, folder: string): Promise<SavedFile>
}

const SECONDS = 60

/** The API of one shop, with the same codes as its answers (application/problem+json). */
export function openShopClient(server: string): Shop {
  const base = server.replace(/\/+$/, '')
  const shop: Shop = {
    url: base,
    token: undefined,
    get: (path) => json(call('GET', path)),
    post: (path, body, options) =>
      json(
        call('POST', path, JSON.stringify(body), {
          'content-type': 'application/json',
          'idempotency-key': options?.key ?? randomUUID(),
        }),
      ),
    put: (path, body) => json(call('PUT', path, JSON.stringify(body), { 'content-type': 'application/json' })),
    upload: (path, { name, type, bytes }) =>
      json(
        call('POST', path, bytes, {
          'content-type': type,
          'x-file-name': encodeURIComponent(name),
          'idempotency-key': randomUUID(),
        }),
      ),
    save: async (path, folder) => saveTo(folder, await call('GET', path)),
    download: async (path) => Buffer.from(await (await call('GET', path)).arrayBuffer()),
  }
  return shop

  async function call(
    method: string,
    path: string,
    body?: string | Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const authorization = shop.token ? { authorization: `Bearer ${shop.token}` } : undefined
    let response: Response
    try {
      response = await fetch(`${base}${path}`, {
        method,
        body: body as BodyInit | undefined,
        headers: { ...headers, ...authorization },
        signal: AbortSignal.timeout(SECONDS * 1000),
      })
    } catch (error) {
      throw new NetworkFault(`${base} does not answer`, { cause: error })
    }
    if (response.ok) return response
    throw await problemOf(response)
  }
}

export interface SavedFile {
  file: string
  bytes: number
  sha256: string
}

/** Whole or not at all: what was cut off leaves nothing. A name that could lead out of the folder is not used. */
async function saveTo(folder: string, response: Response): Promise<SavedFile> {
  const named = /filename="([A-Za-z0-9-]{1,60}\.[a-z]{1,8})"/.exec(
    response.headers.get('content-disposition') ?? '',
  )?.[1]
  const file = join(folder, named ?? 'download')
  const part = `${file}.part`
  const hash = createHash('sha256')
  let bytes = 0
  try {
    await pipeline(
      response.body!,
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk)
          bytes += chunk.length
          yield chunk
        }
      },
      createWriteStream(part, { mode: 0o600 }),
    )
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw new NetworkFault('the download was cut off', { cause: error })
  }
  return { file, bytes, sha256: hash.digest('hex') }
}

async function json<T>(answer: Promise<Response>): Promise<T> {
  return (await (await answer).json()) as T
}

async function problemOf(response: Response): Promise<Error> {
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string; title?: string }
  if (response.status >= 500 || !problem.code) return new NetworkFault(`the server answered ${response.status}`)
  const refusal = new Refusal(problem.code, {}, response.status)
  refusal.message = problem.detail ?? problem.title ?? problem.code
  return refusal
}
