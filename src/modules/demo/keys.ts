import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

const generate = promisify(generateKeyPair)

export interface KeyPair {
  publicKey: KeyObject
  privateKey: KeyObject
}

/** Made on the thread pool, so several at once use every core. */
export function makeKeyPair(modulusLength: 2048 | 4096): Promise<KeyPair> {
  return generate('rsa', { modulusLength })
}
