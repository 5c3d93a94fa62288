import { fromUri } from './entry-uri.ts'
import { AsicError } from './errors.ts'
import {
  ASIC_NAMESPACE,
  type AsicManifest,
  DIGEST_METHODS,
  DSIG_NAMESPACE,
  type ManifestHash,
  type ManifestObject,
} from './manifest.ts'
import { readXml, type XmlElement } from './read-xml.ts'

const HASHES: ReadonlyMap<string, ManifestHash> = new Map(
  (Object.keys(DIGEST_METHODS) as ManifestHash[]).map((hash) => [DIGEST_METHODS[hash], hash]),
)
const DIGEST_BYTES: Record<ManifestHash, number> = { sha256: 32, sha384: 48, sha512: 64 }
/** Where the schema lies, as some writers say on the root: nothing is fetched. */
const SCHEMA_HINT = '{http://www.w3.org/2001/XMLSchema-instance}schemaLocation'

const bad = (detail: string) => new AsicError('bad-manifest', detail)

/**
 * An ASiCManifest by the standard's schema, element by element: what is not in it is refused, critical extensions too. SHA-256, 384
 * and 512 only. Throws AsicError `bad-manifest`, nothing else.
 */
export function readManifest(bytes: Buffer): AsicManifest {
  const root = expect(readXml(bytes), ASIC_NAMESPACE, 'ASiCManifest', [SCHEMA_HINT])
  const [reference, ...rest] = root.children
  const objects = rest.filter(({ name }) => name === 'DataObjectReference')
  const [extensions, ...others] = rest.slice(objects.length)
  if (!reference || others.length > 0) throw bad('a manifest holds something else than its schema has')
  const sig = expect(reference, ASIC_NAMESPACE, 'SigReference', ['URI', 'MimeType'])
  if (sig.children.length > 0) throw bad('a manifest holds something else than its schema has')
  checkExtensions(extensions, 'ASiCManifestExtensions')
  if (objects.length === 0) throw bad('a manifest refers to nothing')
  const read = rest.slice(0, objects.length).map(readObject)
  if (new Set(read.map(({ name }) => name)).size < read.length) throw bad('a manifest refers to an entry twice')
  return { signature: uriOf(sig), signatureType: sig.attributes.get('MimeType'), objects: read }
}

function readObject(element: XmlElement): ManifestObject {
  expect(element, ASIC_NAMESPACE, 'DataObjectReference', ['URI', 'MimeType', 'Rootfile'])
  const [methodElement, valueElement, extensions, ...others] = element.children
  if (!methodElement || !valueElement || others.length > 0) throw bad('a reference is not what the schema has')
  const method = expect(methodElement, DSIG_NAMESPACE, 'DigestMethod', ['Algorithm'])
  const hash = HASHES.get(method.attributes.get('Algorithm') ?? '')
  if (!hash || method.children.length > 0) throw bad('a reference has a digest algorithm that is not accepted')
  checkExtensions(extensions, 'DataObjectReferenceExtensions')
  return {
    name: uriOf(element),
    mimeType: element.attributes.get('MimeType'),
    hash,
    digest: digestIn(valueElement, DIGEST_BYTES[hash]),
    rootFile: booleanOf(element.attributes.get('Rootfile') ?? 'false'),
  }
}

function digestIn(element: XmlElement, length: number): Buffer {
  const { attributes, children, text, namespace, name } = element
  const base64 = text.replace(/[ \t\r\n]/g, '')
  const digest = Buffer.from(base64, 'base64')
  const isDigest = namespace === DSIG_NAMESPACE && name === 'DigestValue' && attributes.size + children.length === 0
  if (!isDigest || digest.length !== length || digest.toString('base64') !== base64)
    throw bad('a reference has no digest of its algorithm’s length')
  return digest
}

/** The element is this one, with no other attributes and no text of its own. */
function expect(element: XmlElement, namespace: string, name: string, attributes: readonly string[]): XmlElement {
  const isIt = element.namespace === namespace && element.name === name
  const known = [...element.attributes.keys()].every((each) => attributes.includes(each))
  if (!isIt || !known || element.text.trim() !== '') throw bad('a manifest holds something else than its schema has')
  return element
}

function uriOf({ attributes }: XmlElement): string {
  return fromUri(attributes.get('URI') ?? '')
}

/** What is not understood may be passed over only where its writer says so. */
function checkExtensions(element: XmlElement | undefined, name: string): void {
  if (!element) return
  expect(element, ASIC_NAMESPACE, name, [])
  if (element.children.length === 0) throw bad('a manifest holds something else than its schema has')
  for (const { namespace, name: own, attributes } of element.children) {
    if (namespace !== ASIC_NAMESPACE || own !== 'Extension')
      throw bad('a manifest holds something else than its schema has')
    if (booleanOf(attributes.get('Critical') ?? '')) throw bad('a manifest has a critical extension that is not known')
  }
}

function booleanOf(text: string): boolean {
  const value = text.trim()
  if (!['true', 'false', '1', '0'].includes(value)) throw bad('a manifest holds something else than its schema has')
  return value === 'true' || value === '1'
}
