import type { FastifyRequest } from 'fastify'

/** A file as programs send it: its bytes are the body, its name is in `x-file-name`, percent-encoded. */
export function readFile({ headers, body }: FastifyRequest): { name: string; bytes: Buffer } {
  return { name: readName(String(headers['x-file-name'] ?? '')), bytes: Buffer.isBuffer(body) ? body : Buffer.alloc(0) }
}

function readName(header: string): string {
  try {
    return decodeURIComponent(header) || 'archivo'
  } catch {
    return 'archivo'
  }
}
