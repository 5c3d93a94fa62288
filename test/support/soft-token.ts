import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Holder } from './pki.ts'

const MODULE = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
].find((file) => existsSync(file))

/** Why the tests of PKCS #11 cannot run here, or false. */
export const withoutSoftToken =
  MODULE && isThere('softhsm2-util') && isThere('pkcs11-tool')
    ? false
    : 'softhsm2 and opensc are not installed (script/install-test-tools)'

export interface SoftToken {
  module: string
  label: string
  pin: string
  folder: string
  /** Brings a key in; its certificate too unless it lies elsewhere. */
  add(holder: Holder, label: string, id: string, withCertificate?: boolean): Promise<void>
  /** One more for a key that is there. */
  addCertificate(holder: Pick<Holder, 'certificate'>, label: string, id: string): Promise<void>
  remove(): Promise<void>
}

let next = 1

/** A token of SoftHSM2 in a folder of its own; `SOFTHSM2_CONF` of this process, and of those it starts, points at it. */
export async function startSoftToken(): Promise<SoftToken> {
  const folder = await mkdtemp(join(tmpdir(), 'ventanilla-token-'))
  await mkdir(join(folder, 'tokens'))
  const conf = join(folder, 'softhsm2.conf')
  await writeFile(
    conf,
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  )
  process.env.SOFTHSM2_CONF = conf
  const label = `sellos-${next++}`
  const pin = '271828'
  run('softhsm2-util', '--init-token', '--free', '--label', label, '--so-pin', '31415926', '--pin', pin)
  async function addCertificate({ certificate }: Pick<Holder, 'certificate'>, name: string, id: string): Promise<void> {
    const file = join(folder, `${id}.cer`)
    await writeFile(file, certificate.der)
    const at = ['--module', MODULE!, '--token-label', label, '--login', '--pin', pin]
    run('pkcs11-tool', ...at, '--write-object', file, '--type', 'cert', '--id', id, '--label', name)
  }
  return {
    module: MODULE!,
    label,
    pin,
    folder,
    addCertificate,
    async add({ key, certificate }, name, id, withCertificate = true) {
      const file = join(folder, `${id}.pem`)
      await writeFile(file, key.export({ type: 'pkcs8', format: 'pem' }))
      run('softhsm2-util', '--import', file, '--token', label, '--label', name, '--id', id, '--pin', pin)
      if (withCertificate) await addCertificate({ certificate }, name, id)
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
}

function isThere(command: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, command)))
}
