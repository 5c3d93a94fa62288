import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'

/** Where one issuer's revocations are asked, from configuration only: addresses inside certificates are never followed. */
export interface RevocationSource {
  /** The whole list, as DER. */
  crl?: { read(): Promise<Buffer>; refreshSeconds: number }
  /** One certificate's status: a DER request, a DER answer. */
  ocsp?: {
    ask(request: Buffer): Promise<Buffer>
    responder: string | undefined
    freshSeconds: number
    requireNonce?: boolean
  }
  /** How long the last good answer still counts when the source is silent (docs/decisions/011-revocation-grace.md). */
  graceHours: number
}

/** By SHA-256 of the issuer's certificate, hex in lower case. */
export type RevocationSources = Map<string, RevocationSource>

const DEFAULT_GRACE_HOURS = 4
const FIELDS = new Set(['issuer', 'name', 'crl', 'ocsp', 'graceHours'])
const LIMITS = {
  crl: { milliseconds: 30_000, bytes: 128 * 1024 * 1024 },
  ocsp: { milliseconds: 5_000, bytes: 64 * 1024 },
} as const

/** The pack's table and the installation's own, which has the last word. */
export const issuerFolders = ({ packDir, dataDir }: { packDir: string; dataDir: string }): string[] =>
  [packDir, dataDir].map((each) => join(each, 'trust', 'issuers'))

/**
 * Every `*.yaml` of these folders; a later folder has the last word on an issuer.
 * @throws Error naming the file and what is wrong in it
 */
export async function readRevocationSources(folders: readonly string[]): Promise<RevocationSources> {
  const sources: RevocationSources = new Map()
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => [])
    for (const name of names.filter((each) => each.endsWith('.yaml')).sort()) {
      const path = join(folder, name)
      const [issuer, source] = readSource(parse(await readFile(path, 'utf8')), path)
      sources.set(issuer, source)
    }
  }
  return sources
}

function readSource(content: unknown, path: string): [string, RevocationSource] {
  const fault = (what: string) => new Error(`${path}: ${what}`)
  if (!isRecord(content)) throw fault('not a list of fields')
  const unknown = Object.keys(content).find((field) => !FIELDS.has(field))
  if (unknown !== undefined) throw fault(`unknown field ${unknown}`)
  const issuer = readFingerprint(content.issuer)
  if (!issuer) throw fault('issuer must be the SHA-256 of the issuer’s certificate, 64 hex digits')
  const { crl, ocsp, graceHours = DEFAULT_GRACE_HOURS } = content
  if (typeof graceHours !== 'number' || graceHours < 0) throw fault('graceHours must be a number from 0')
  const source: RevocationSource = { graceHours }
  if (crl !== undefined) {
    const [url, refreshSeconds] = readPlace(crl, 'refreshSeconds', 3600)
    if (!url) throw fault('crl needs url (http or https) and, if given, refreshSeconds')
    source.crl = { read: () => fetchBytes(url, undefined), refreshSeconds }
  }
  if (ocsp !== undefined) {
    const [url, freshSeconds] = readPlace(ocsp, 'freshSeconds', 60)
    const responder = isRecord(ocsp) && ocsp.responder !== undefined ? readFingerprint(ocsp.responder) : undefined
    if (!url || (isRecord(ocsp) && ocsp.responder !== undefined && !responder)) {
      throw fault('ocsp needs url (http or https) and, if given, responder (SHA-256) and freshSeconds')
    }
    const requireNonce = isRecord(ocsp) ? ocsp.requireNonce : undefined
    if (requireNonce !== undefined && typeof requireNonce !== 'boolean')
      throw fault('ocsp.requireNonce is true or false')
    source.ocsp = { ask: (request) => fetchBytes(url, request), responder, freshSeconds, requireNonce }
  }
  if (!source.crl && !source.ocsp) throw fault('needs crl or ocsp')
  return [issuer, source]
}

function readPlace(value: unknown, secondsField: string, byDefault: number): [string | undefined, number] {
  if (!isRecord(value)) return [undefined, 0]
  const { url } = value
  const seconds = value[secondsField] ?? byDefault
  const good = typeof url === 'string' && /^https?:\/\//.test(url) && URL.canParse(url)
  return good && typeof seconds === 'number' && seconds >= 0 ? [url, seconds] : [undefined, 0]
}

export function readFingerprint(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.replaceAll(':', '').toLowerCase() : ''
  return /^[0-9a-f]{64}$/.test(text) ? text : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A POST of an OCSP request, or a GET. No redirect is followed, and a long answer is cut off. */
async function fetchBytes(url: string, ocspRequest: Buffer | undefined): Promise<Buffer> {
  const limit = ocspRequest ? LIMITS.ocsp : LIMITS.crl
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(limit.milliseconds),
    ...(ocspRequest && {
      method: 'POST',
      headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
      body: new Uint8Array(ocspRequest),
    }),
  })
  if (!response.ok || !response.body) throw new Error(`the revocation source answered ${response.status}`)
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body) {
    bytes += part.byteLength
    if (bytes > limit.bytes) throw new Error('the revocation source answered too much')
    parts.push(part)
  }
  return Buffer.concat(parts)
}
