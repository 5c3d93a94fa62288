/**
 * What a seal signs in a second, eight signatures at once as a busy shop asks for them: with a key of PKCS#12, and inside SoftHSM2 behind PKCS#11 (a process
 * away, each signature verified), beside bare RSA-2048 and P-256 signing on one thread in the same run. SoftHSM2 stands for the way there: hardware
 * is slower by itself.
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKey, type SigningKey } from '../src/modules/seals/index.ts'
import { pkcs12Of } from '../test/support/pkcs12.ts'
import { issue } from '../test/support/pki.ts'
import { startSoftToken, withoutSoftToken } from '../test/support/soft-token.ts'
import { type Result, seconds } from './measure.ts'

const ATTRIBUTES = Buffer.alloc(160, 7)
const AT_ONCE = 8
const SECONDS = 3
const KEYS: Record<string, () => KeyObject> = {
  'RSA-2048': () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
}

export async function measureTrustKeys(): Promise<Result[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ventanilla-keys-'))
  const token = withoutSoftToken ? undefined : await startSoftToken()
  try {
    const results: Result[] = []
    for (const [i, [kind, make]] of Object.entries(KEYS).entries()) {
      const holder = issue({ subject: kind, key: make() })
      const pkcs8 = holder.key.export({ type: 'pkcs8', format: 'der' })
      const file = join(folder, `${i}.p12`)
      await writeFile(file, pkcs12Of({ keys: [pkcs8], certificates: [holder.certificate.der] }))
      const bare = bareRate(holder.key)
      const inFile = await openKey({ kind: 'pkcs12', file, password: '' }, file)
      results.push(resultOf(`a seal of PKCS#12, ${kind}`, await rateOf(inFile), bare, 0.5))
      if (!token) continue
      await token.add(holder, kind, `0${i}`)
      const place = { module: token.module, token: token.label, key: kind }
      const inToken = await openKey({ kind: 'pkcs11', place, pin: token.pin }, 'token')
      results.push(
        resultOf(`a seal of PKCS#11 (SoftHSM2), ${kind}`, await rateOf(inToken), bare, kind === 'P-256' ? 0.03 : 0.1),
      )
    }
    return results
  } finally {
    await token?.remove()
    await rm(folder, { recursive: true, force: true })
  }
}

function resultOf(name: string, rate: number, bare: number, goal: number): Result {
  const what = `${name}, eight at once on both cores, ${Math.round(rate)}/s, beside bare signing on one, ${Math.round(bare)}/s`
  return { what, value: rate / bare, unit: '×', goal, better: 'more' }
}

function bareRate(key: KeyObject): number {
  const elapsed = seconds()
  let done = 0
  for (; elapsed() < SECONDS; done += 1) sign('sha256', ATTRIBUTES, key)
  return done / elapsed()
}

/** The key is closed afterwards. */
async function rateOf(key: SigningKey): Promise<number> {
  for (let i = 0; i < 20; i += 1) await key.sign(ATTRIBUTES)
  const elapsed = seconds()
  let done = 0
  const worker = async () => {
    for (; elapsed() < SECONDS; done += 1) await key.sign(ATTRIBUTES)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const rate = done / elapsed()
  await key.close()
  return rate
}
