import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { verifierKey } from '#trust/note/signed-note.ts'

/** The key that signs checkpoints, and nothing else. */
export interface LogKey {
  /** The log's name: host and path, without a scheme. */
  origin: string
  privateKey: KeyObject
  /** As verifiers pin it. */
  verifier: string
}

/** Made on the first start in `<data>/log.key`, readable by its owner only. */
export async function openLogKey(dataDir: string, publicUrl: string): Promise<LogKey> {
  const file = join(dataDir, 'log.key')
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  const privateKey = kept ? createPrivateKey(kept) : generateKeyPairSync('ed25519').privateKey
  if (!kept) await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  const origin = `${new URL(publicUrl).host}/log`
  return { origin, privateKey, verifier: verifierKey(origin, createPublicKey(privateKey)) }
}
