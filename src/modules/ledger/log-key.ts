import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { openCheckpoint } from '#trust/note/checkpoint.ts'
import { parseVerifierKey, verifierKey } from '#trust/note/signed-note.ts'

/** The key that signs checkpoints, and nothing else. */
export interface LogKey {
  /** The log's name: host and path, without a scheme. */
  origin: string
  privateKey: KeyObject
  /** As verifiers pin it. */
  verifier: string
}

/**
 * Made on the first start in `<data>/log.key`, readable by its owner only. A log keeps the name and the key it began with,
 * whatever address it is served at later: who pinned them, and every receipt given out, must go on to verify.
 * @param checkpoint the log's newest, if it has one
 * @throws StartRefusal where another key signed it
 */
export async function openLogKey(dataDir: string, publicUrl: string, checkpoint: string | undefined): Promise<LogKey> {
  const file = join(dataDir, 'log.key')
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  const privateKey = kept ? createPrivateKey(kept) : generateKeyPairSync('ed25519').privateKey
  const origin = checkpoint?.split('\n')[0] ?? `${new URL(publicUrl).host}/log`
  const verifier = verifierKey(origin, createPublicKey(privateKey))
  if (checkpoint !== undefined && !openCheckpoint(checkpoint, parseVerifierKey(verifier)!))
    throw new StartRefusal(
      `${file} is not the key of this database’s log: bring back the one it was signed with, or choose another DATA_DIR or DATABASE_URL.`,
    )
  if (!kept) await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  return { origin, privateKey, verifier }
}
