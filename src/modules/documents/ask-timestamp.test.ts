import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sha256 } from '#kernel/bytes.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import { openTimestampSource } from './ask-timestamp.ts'

const folder = mkdtempSync(join(tmpdir(), 'tsa-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })

writeFileSync(
  join(folder, 'tsa.cnf'),
  `[req]\ndistinguished_name=dn\n[dn]\n[ext]\nextendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature
[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=tsa.pem\nsigner_key=tsa.key\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\nordering=yes\ntsa_name=no\ness_cert_id_alg=sha256\n`,
)
writeFileSync(join(folder, 'serial'), '01\n')
openssl(
  'req',
  '-x509',
  '-newkey',
  'rsa:2048',
  '-nodes',
  '-keyout',
  'tsa.key',
  '-out',
  'tsa.pem',
  '-days',
  '30',
  '-subj',
  '/CN=TSA',
  '-config',
  'tsa.cnf',
  '-extensions',
  'ext',
)

/** OpenSSL behind HTTP: a real authority. */
const authority: RequestListener = (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    writeFileSync(join(folder, 'q.tsq'), Buffer.concat(chunks))
    openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'q.tsq', '-out', 'a.tsr')
    response.setHeader('content-type', 'application/timestamp-reply')
    response.end(readFileSync(join(folder, 'a.tsr')))
  })
}

async function asked(
  listener: RequestListener,
  signature: Buffer,
): Promise<{ token: Uint8Array | undefined; silences: number }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  let silences = 0
  const token = await openTimestampSource(`http://127.0.0.1:${port}/`, () => (silences += 1))(signature)
  await new Promise((resolve) => server.close(resolve))
  return { token, silences }
}

const signature = Buffer.alloc(256, 7)

test('what OpenSSL stamps is a token over this very signature', async () => {
  const { token, silences } = await asked(authority, signature)
  assert.equal(silences, 0)
  assert.equal(verifyToken(Buffer.from(token!), () => sha256(signature)).timestamp?.sound, true)
})

test('a token of another signature, an error, rubbish: silence, which costs the level and not the act', async () => {
  const other: RequestListener = (_, response) => response.end(readFileSync(join(folder, 'a.tsr')))
  const refusing: RequestListener = (_, response) => response.writeHead(503).end()
  const rubbish: RequestListener = (_, response) => response.end(Buffer.alloc(2000, 0x30))
  const large: RequestListener = (_, response) => response.end(Buffer.alloc(200_000))
  for (const listener of [other, refusing, rubbish, large]) {
    const { token, silences } = await asked(listener, Buffer.alloc(256, 9))
    assert.equal(token, undefined)
    assert.equal(silences, 1)
  }
})
