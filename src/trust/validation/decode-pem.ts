const LABELS = new Set(['CERTIFICATE', 'CMS', 'PKCS7', 'PKCS #7 SIGNED DATA', 'TIMESTAMP TOKEN'])

/**
 * The bytes of the one block of a text in PEM (RFC 7468): certificates and messages, nothing secret.
 * @returns undefined where it is no such text, or has several blocks: which one is meant nobody could tell
 */
export function decodePem(text: string): Buffer | undefined {
  const match = /^\s*-----BEGIN ([A-Z0-9 #]{1,40})-----\r?\n([A-Za-z0-9+/=\r\n]*)-----END \1-----\s*$/.exec(text)
  if (!match || !LABELS.has(match[1]!)) return undefined
  const written = match[2]!.replace(/[\r\n]/g, '')
  const bytes = Buffer.from(written, 'base64')
  return bytes.length > 0 && bytes.toString('base64') === written ? bytes : undefined
}
