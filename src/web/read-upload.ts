import type { FastifyRequest } from 'fastify'

export interface Upload {
  token: string
  /** Empty where no file was chosen. */
  name: string
  bytes: Buffer
}

/** Reads the whole body, so that the browser hears the answer; what is too large is measured, not kept. */
export async function readUpload(request: FastifyRequest, largest: number): Promise<Upload> {
  const upload: Upload = { token: '', name: '', bytes: Buffer.alloc(0) }
  try {
    for await (const part of request.parts({ limits: { fileSize: largest + 1, files: 1 } })) {
      if (part.type === 'file') {
        upload.name = part.filename ?? ''
        upload.bytes = await part.toBuffer().catch(() => Buffer.alloc(largest + 1))
      } else if (part.fieldname === 'csrf') upload.token = String(part.value)
    }
  } catch (error) {
    // Whoever sends half a body is told so; it is no fault of ours.
    throw Object.assign(error as Error, { statusCode: (error as { statusCode?: number }).statusCode ?? 400 })
  }
  return upload
}
