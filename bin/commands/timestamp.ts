import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { type Language, say } from '#kernel/texts.ts'
import { type Authorities, loadAuthorities, readAuthorityFolder } from '#modules/identity/index.ts'
import { NoStamp, post } from '#modules/timestamping/index.ts'
import { nameToShow } from '#trust/certificate/name.ts'
import type { Hash } from '#trust/certificate/signature-scheme.ts'
import { onlyDigest } from '#trust/cms/digest-content.ts'
import { checkPath } from '#trust/path/check-path.ts'
import { readTimestampRequest, writeTimestampRequest } from '#trust/timestamp/request.ts'
import { tokenIn } from '#trust/timestamp/response.ts'
import { verifyAnswer } from '#trust/timestamp/verify-response.ts'
import { type TokenCheck, verifyToken } from '#trust/timestamp/verify-token.ts'
import { NetworkFault } from '../client/shop.ts'
import { languageOf } from '../language.ts'
import { printable } from '../printable.ts'
import { dataDir, packDir } from '../reach-database.ts'
import { readNamedFile, readOptions, readPassword, refuseUnreadable, UsageRefusal } from '../read-options.ts'
import { checkOut, writeOut } from '../signing/write-out.ts'
import { tellTimestampReason, timestampTexts } from '../timestamp-texts.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE =
  'timestamp FILE --url URL [--policy OID] [--hash sha256|sha384|sha512] [--user NAME --password-file F] [--out FILE.tsr] [--force] [--trust DIR] [--language es|en] [--json]  |  timestamp verify FILE TOKEN [--trust DIR] [--language es|en] [--json]'

const EXIT = { trusted: 0, 'not-sound': 1, untrusted: 3 } as const
const HASHES = ['sha256', 'sha384', 'sha512'] as const
const MILLISECONDS = 30_000

const options = {
  url: { type: 'string' },
  policy: { type: 'string' },
  hash: { type: 'string' },
  user: { type: 'string' },
  'password-file': { type: 'string' },
  out: { type: 'string' },
  force: { type: 'boolean' },
  language: { type: 'string' },
  trust: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** Asks an authority of time for a token over a file (RFC 3161), or says what such a token proves of one; the latter without network. */
export async function run(args: string[], { stdout }: CommandIo): Promise<number> {
  const { values, positionals } = readOptions({ args, allowPositionals: true, options }, USAGE)
  const [first, file, token] = positionals
  const verifies = first === 'verify' && positionals.length === 3
  if (!verifies && (positionals.length !== 1 || values.url === undefined)) throw new UsageRefusal(USAGE)
  if (values.language !== undefined && values.language !== 'es' && values.language !== 'en')
    throw new UsageRefusal(USAGE, '--language is es or en')
  const language = languageOf(values.language, process.env)
  const authorities = await trustedHere(values.trust)
  const { check, out } = verifies
    ? { check: await verify(file!, token!), out: undefined }
    : await ask(first!, { ...values, language, url: values.url! })
  const verdict = judge(check, authorities)
  stdout.write(
    values.json ? `${JSON.stringify(forPrograms(check, verdict, out))}\n` : forPeople(check, verdict, out, language),
  )
  return EXIT[verdict.verdict]
}

const trustedHere = (folder: string | undefined): Promise<Authorities> =>
  folder === undefined
    ? loadAuthorities({ dataDir: dataDir(), packDir: packDir(), demo: true })
    : readAuthorityFolder(folder)

interface Asked {
  url: string
  policy?: string
  hash?: string
  user?: string
  'password-file'?: string
  out?: string
  force?: boolean
  language: Language
}

async function ask(file: string, asked: Asked): Promise<{ check: TokenCheck; out: string | undefined }> {
  const { url, policy, user, hash: named = 'sha256', out = `${file}.tsr` } = asked
  const hash = HASHES.find((each) => each === named)
  if (!hash || !/^https?:\/\//.test(url) || !URL.canParse(url)) throw new UsageRefusal(USAGE)
  if (policy !== undefined && !/^[0-2](\.\d{1,20}){1,30}$/.test(policy))
    throw new UsageRefusal(USAGE, '--policy is no object identifier')
  // An older token proves more than the one that would take its place.
  const target = {
    out,
    force: asked.force ?? false,
    inputs: [file, asked['password-file'] ?? file],
    language: asked.language,
  }
  const digest = await digestFile(file, hash)
  await checkOut({ ...target, force: true })
  const query = writeTimestampRequest({ hash, digest, policy, nonce: randomBytes(16), wantsCertificates: true })
  const passwordFile = asked['password-file']
  const password = passwordFile === undefined ? undefined : await readPassword(passwordFile)
  const answer = await send({ url, user, language: asked.language, password }, query)
  const check = verifyAnswer(answer, readTimestampRequest(query))
  const { token, response, detail } = check
  if (response && !response.token) throw new StartRefusal(detail)
  if (!token) return { check: { ...check, timestamp: undefined }, out: undefined }
  await writeOut(target, [answer])
  return { check, out }
}

async function send(
  to: { url: string; user?: string | undefined; password?: string | undefined; language: Language },
  query: Buffer,
): Promise<Buffer> {
  try {
    return await post({ url: to.url, user: to.user, password: to.password, milliseconds: MILLISECONDS }, query)
  } catch (error) {
    const reason = error instanceof NoStamp ? error.message : say(timestampTexts, 'silent', to.language)
    throw new NetworkFault(`${new URL(to.url).host}: ${reason}`, { cause: error })
  }
}

/** TOKEN is a whole response (`.tsr`) or the token alone. */
async function verify(file: string, tokenFile: string): Promise<TokenCheck> {
  const token = tokenIn(await readNamedFile(tokenFile))
  const hash = verifyToken(token, () => Buffer.alloc(0)).info?.imprint.hash ?? 'sha256'
  const digest = await digestFile(file, hash)
  return verifyToken(token, onlyDigest(hash, digest))
}

/** However large: what is read is not kept. @throws UsageRefusal that names the file */
async function digestFile(file: string, hash: Hash): Promise<Buffer> {
  const digest = createHash(hash)
  try {
    await pipeline(createReadStream(file), digest)
  } catch (error) {
    throw refuseUnreadable(file, error)
  }
  return digest.digest()
}

interface Verdict {
  verdict: keyof typeof EXIT
  reason: string
  anchor?: { name: string; demo: boolean }
}

/** Sound and trusted are two answers. */
function judge({ timestamp, detail }: TokenCheck, authorities: Authorities): Verdict {
  if (!timestamp?.sound || !timestamp.signer) return { verdict: 'not-sound', reason: detail }
  const path = checkPath({
    certificate: timestamp.signer,
    trustAnchors: authorities.filter(({ anchor }) => anchor).map(({ certificate }) => certificate),
    intermediates: [...authorities.map(({ certificate }) => certificate), ...timestamp.certificates],
    at: timestamp.time,
    revocation: 'none',
  })
  const anchor = authorities.find(({ sha256 }) => sha256 === path.anchor?.sha256)
  if (path.indication !== 'PASSED' || !anchor) return { verdict: 'untrusted', reason: path.reason }
  return { verdict: 'trusted', reason: detail, anchor: { name: anchor.name, demo: anchor.source === 'demo' } }
}

function forPrograms({ timestamp, info }: TokenCheck, { verdict, reason, anchor }: Verdict, out: string | undefined) {
  return {
    sound: timestamp?.sound === true,
    trusted: verdict === 'trusted',
    reason,
    time: info?.time ?? null,
    accuracyMilliseconds: info?.accuracy ?? null,
    policy: info?.policy ?? null,
    serial: info?.serial.toString('hex') ?? null,
    hash: info?.imprint.hash ?? null,
    authority: timestamp?.signer ? nameToShow(timestamp.signer.subject) : null,
    anchor: anchor ?? null,
    ...(out !== undefined && { file: out }),
  }
}

function forPeople(
  { timestamp, info }: TokenCheck,
  { verdict, reason, anchor }: Verdict,
  out: string | undefined,
  language: Language,
): string {
  const t = (key: keyof typeof timestampTexts, facts: Record<string, string> = {}) =>
    say(timestampTexts, key, language, facts)
  if (verdict === 'not-sound') return `${t('not-proven', { reason: tellTimestampReason(reason, language) })}\n`
  const by = timestamp?.signer ? nameToShow(timestamp.signer.subject) : '?'
  const within = info?.accuracy === undefined ? '' : ` (± ${info.accuracy} ms)`
  const { policy, serial, imprint, time } = info!
  const lines = [
    t('was-there', { time: time.toISOString(), within, by }),
    anchor ? t('trusted', { anchor: anchor.name }) + (anchor.demo ? t('demo') : '') : t('untrusted'),
    t('number', { policy, serial: serial.toString('hex'), hash: imprint.hash }),
    ...(out === undefined ? [] : [t('kept', { file: out })]),
  ]
  return `${lines.map(printable).join('\n')}\n`
}
