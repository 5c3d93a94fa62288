import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { StartRefusal } from '#kernel/embedded-postgres.ts'

/** What time-stamps are asked for: over a signature when it is made, or over a whole document that is to last. */
export type Purpose = 'signatures' | 'conservation'
export const purposes: readonly Purpose[] = ['signatures', 'conservation']

/** One authority of time that may be asked (RFC 3161 over HTTP): configured, never found in a file. */
export interface TimestampSource {
  /** As the log calls it. */
  name: string
  /** Or `own`. */
  url: string
  purposes: readonly Purpose[]
  /** Of which the token has to be under one; empty: any. */
  policies: readonly string[]
  /**
   * SHA-256 of certificates of which one must be in the path from the trust store down to the authority; empty: any path will do. `anyone`:
   * no path is asked for.
   */
  trust: readonly string[] | 'anyone'
  milliseconds: number
  user: string | undefined
  password: string | undefined
}

const MILLISECONDS = 3000
const FIELDS = new Set(['name', 'url', 'purposes', 'policies', 'trust', 'timeoutSeconds', 'user', 'passwordFile'])

/** `TSA_URL` alone: for everything, under any policy, from anyone: what it stamps counts for whoever trusts it. */
export const plainSource = (url: string): TimestampSource => ({
  name: new URL(url).host,
  url,
  purposes,
  policies: [],
  trust: 'anyone',
  milliseconds: MILLISECONDS,
  user: undefined,
  password: undefined,
})

/** Ours, without going through the network. */
export const ownSource: TimestampSource = { ...plainSource('http://own'), name: 'own', url: 'own' }

/**
 * The table of sources (docs/operate/time-stamps.md): for each purpose the first that answers counts.
 * @throws StartRefusal naming the file and what is wrong in it
 */
export async function readTimestampSources(file: string): Promise<TimestampSource[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new StartRefusal(`TSA_SOURCES cannot be read: ${file}`)
  })
  const fault = (what: string) => new StartRefusal(`${file}: ${what}`)
  const content = readYaml(text, fault)
  if (!isRecord(content) || !Array.isArray(content.sources)) throw fault('needs a list called sources.')
  return Promise.all(content.sources.map((each, i) => readSource(each, (what) => fault(`source ${i + 1}: ${what}`))))
}

type Fault = (what: string) => StartRefusal

function readYaml(text: string, fault: Fault): unknown {
  try {
    return parse(text)
  } catch {
    throw fault('is not YAML.')
  }
}

async function readSource(source: unknown, fault: Fault): Promise<TimestampSource> {
  if (!isRecord(source)) throw fault('not a list of fields.')
  const unknown = Object.keys(source).find((field) => !FIELDS.has(field))
  if (unknown !== undefined) throw fault(`unknown field ${unknown}.`)
  const { url, timeoutSeconds = MILLISECONDS / 1000, user } = source
  if (url === ownSource.url) return { ...ownSource, purposes: readPurposes(source.purposes, fault) }
  if (typeof url !== 'string' || !/^https?:\/\//.test(url) || !URL.canParse(url))
    throw fault('url must be http: or https:, or own.')
  if (typeof timeoutSeconds !== 'number' || !(timeoutSeconds > 0 && timeoutSeconds <= 60))
    throw fault('timeoutSeconds must be a number up to 60.')
  if (user !== undefined && typeof user !== 'string') throw fault('user must be a text.')
  return {
    name: typeof source.name === 'string' ? source.name : new URL(url).host,
    url,
    purposes: readPurposes(source.purposes, fault),
    policies: readTexts(source.policies, 'policies', /^[0-2](\.\d{1,20}){1,30}$/, fault),
    trust: readTexts(source.trust, 'trust', /^[0-9a-f]{64}$/, fault),
    milliseconds: timeoutSeconds * 1000,
    user,
    password: await readPassword(source.passwordFile, fault),
  }
}

function readPurposes(value: unknown, fault: Fault): readonly Purpose[] {
  if (value === undefined) return purposes
  const named = Array.isArray(value) ? value : []
  const known = purposes.filter((each) => named.includes(each))
  if (known.length === 0 || known.length !== named.length) throw fault(`purposes must be of ${purposes.join(', ')}.`)
  return known
}

function readTexts(value: unknown, field: string, shape: RegExp, fault: Fault): string[] {
  if (value === undefined) return []
  const texts = Array.isArray(value) ? value.map((each) => String(each).replaceAll(':', '').toLowerCase()) : ['?']
  if (!texts.every((text) => shape.test(text))) throw fault(`${field} must be a list: ${shape.source}.`)
  return texts
}

async function readPassword(file: unknown, fault: Fault): Promise<string | undefined> {
  if (file === undefined) return undefined
  const text = typeof file === 'string' ? await readFile(file, 'utf8').catch(() => undefined) : undefined
  if (text === undefined) throw fault('passwordFile cannot be read.')
  return text.replace(/\r?\n$/, '')
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
