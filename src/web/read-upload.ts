import type { FastifyRequest } from 'fastify'

export interface Upload {
  token: string
  /** Empty where no file was chosen. */
  name: string
  bytes: Buffer
  /** The other fields of the form, the last of each name. */
  fields: Record<string, string>
}

/**
 * Reads the whole body, so that the browser hears the answer; what is too large is measured, not kept.
 * @throws an error of status 400 for a body that ends too soon or has more than one file
 */
export async function readUpload(request: FastifyRequest, largest: number): Promise<Upload> {
  const upload: Upload = { token: '', name: '', bytes: Buffer.alloc(0), fields: {} }
  // Its types leave out `throwFileSizeLimit`, which `parts` reads all the same.
  const options = { limits: { fileSize: largest + 1, files: 1 }, throwFileSizeLimit: false }
  try {
    for await (const part of request.parts(options)) {
      if (part.type === 'file') {
        upload.name = part.filename ?? ''
        upload.bytes = await part.toBuffer()
      } else if (part.fieldname === 'csrf') upload.token = String(part.value)
      else upload.fields[part.fieldname] = String(part.value)
    }
  } catch (error) {
    // Whoever sends half a body is told so; it is no fault of ours.
    throw Object.assign(error as Error, { statusCode: (error as { statusCode?: number }).statusCode ?? 400 })
  }
  return upload
}
