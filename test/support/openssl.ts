import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Openssl {
  folder: string
  /** Writes a file and tells its path. */
  put(name: string, bytes: Uint8Array | string): Promise<string>
  /** What it prints. Rejects with what it says where it fails. */
  run(...words: string[]): Promise<Buffer>
  close(): Promise<void>
}

/** The openssl of the machine in a temporary folder of its own. */
export async function openOpenssl(): Promise<Openssl> {
  const folder = await mkdtemp(join(tmpdir(), 'ventanilla-openssl-'))
  return {
    folder,
    async put(name, bytes) {
      const path = join(folder, name)
      await writeFile(path, bytes)
      return path
    },
    async run(...words) {
      const { stdout } = await run('openssl', words, { cwd: folder, encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 })
      return stdout
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

export const pem = (label: string, der: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`
