import { toUri } from './entry-uri.ts'

export type ManifestHash = 'sha256' | 'sha384' | 'sha512'

/** ASiCManifest or ASiCArchiveManifest (EN 319 162-1, A.4 and A.7): what one signature or time-stamp is over. */
export interface AsicManifest {
  /** Entry that holds the signature or the time-stamp over this manifest. */
  signature: string
  signatureType: string | undefined
  objects: ManifestObject[]
}

export interface ManifestObject {
  /** Entry. */
  name: string
  mimeType: string | undefined
  hash: ManifestHash
  digest: Buffer
  rootFile: boolean
}

export const ASIC_NAMESPACE = 'http://uri.etsi.org/02918/v1.2.1#'
export const DSIG_NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#'

/** RFC 9231, 2.1 and 6.2. */
export const DIGEST_METHODS: Record<ManifestHash, string> = {
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
}

/** The manifest as XML, valid against the standard's schema; the same bytes for the same objects. */
export function writeManifest({ signature, signatureType, objects }: AsicManifest): Buffer {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<asic:ASiCManifest xmlns:asic="${ASIC_NAMESPACE}" xmlns:ds="${DSIG_NAMESPACE}">`,
    `<asic:SigReference${attributes({ MimeType: signatureType, URI: toUri(signature) })}/>`,
    ...objects.map(writeObject),
    '</asic:ASiCManifest>',
    '',
  ]
  return Buffer.from(lines.join('\n'), 'utf8')
}

function writeObject({ name, mimeType, hash, digest, rootFile }: ManifestObject): string {
  const said = attributes({ MimeType: mimeType, Rootfile: rootFile ? 'true' : undefined, URI: toUri(name) })
  const method = `<ds:DigestMethod Algorithm="${DIGEST_METHODS[hash]}"/>`
  const value = `<ds:DigestValue>${digest.toString('base64')}</ds:DigestValue>`
  return `<asic:DataObjectReference${said}>${method}${value}</asic:DataObjectReference>`
}

function attributes(values: Record<string, string | undefined>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeXml(value)}"`))
    .join('')
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
