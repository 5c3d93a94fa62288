import type { FastifyRequest } from 'fastify'

export interface Upload {
  token: string
  /** Empty where no file was chosen. */
  name: string
  bytes: Buffer
  /** The file that may come along, where one is asked for; empty where none was chosen. */
  beside: Buffer
  /** The other fields of the form, the last of each name. */
  fields: Record<string, string>
}

/**
 * Reads the whole body, so that the browser hears the answer; what is too large is measured, not kept.
 * @param besideField the field of a second file. @throws an error of status 400 for a body that ends too soon or has more files
 */
export async function readUpload(request: FastifyRequest, largest: number, besideField?: string): Promise<Upload> {
  const upload: Upload = { token: '', name: '', bytes: Buffer.alloc(0), beside: Buffer.alloc(0), fields: {} }
  // Its types leave out `throwFileSizeLimit`, which `parts` reads all the same.
  const options = {
    limits: { fileSize: largest + 1, files: besideField === undefined ? 1 : 2 },
    throwFileSizeLimit: false,
  }
  try {
    for await (const part of request.parts(options)) {
      if (part.type === 'file' && part.fieldname === besideField) upload.beside = await part.toBuffer()
      else if (part.type === 'file') {
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
