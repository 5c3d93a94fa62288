import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Environment } from './config.ts'
import { StartRefusal } from './kernel/embedded-postgres.ts'
import type { KeySource } from './modules/seals/index.ts'

/** Whose key: each has the same variables behind its own first word. */
type Called = 'SEAL' | 'TSA'

/** A file or a token, never both: nobody should guess which one signs. @throws StartRefusal */
export function readKeySource(environment: Environment, called: Called): KeySource | undefined {
  const name = (rest: string) => `${called}_${rest}`
  const given = (rest: string) => environment[name(rest)]
  const stray = ['PKCS11_TOKEN', 'PKCS11_KEY', 'PIN_FILE', 'CERTIFICATE'].find(given)
  const [module, file, passwordFile] = ['PKCS11_MODULE', 'P12', 'PASSWORD_FILE'].map(given)
  if (module) return readTokenSource(environment, called, module)
  if (stray) throw new StartRefusal(`${name(stray)} goes with ${name('PKCS11_MODULE')}, which is not set.`)
  if (!file) return undefined
  if (!passwordFile)
    throw new StartRefusal(`${name('PASSWORD_FILE')} must name the file with the password of ${name('P12')}.`)
  return { kind: 'pkcs12', file: resolve(file), password: readSecret(name('PASSWORD_FILE'), passwordFile) }
}

function readTokenSource(environment: Environment, called: Called, module: string): KeySource {
  const name = (rest: string) => `${called}_${rest}`
  const given = ['P12', 'PKCS11_TOKEN', 'PKCS11_KEY', 'PIN_FILE', 'CERTIFICATE'].map((rest) => environment[name(rest)])
  const [file, token, key, pinFile, certificate] = given
  if (file) throw new StartRefusal(`${name('P12')} and ${name('PKCS11_MODULE')} both name a key: leave one out.`)
  if (!token) throw new StartRefusal(`${name('PKCS11_TOKEN')} must be the label of the token.`)
  if (!key)
    throw new StartRefusal(`${name('PKCS11_KEY')} must be the label of the key, or id: and its id in hexadecimal.`)
  if (!pinFile) throw new StartRefusal(`${name('PIN_FILE')} must name the file with the PIN of the token.`)
  return {
    kind: 'pkcs11',
    place: { module: resolve(module), token, key },
    pin: readSecret(name('PIN_FILE'), pinFile),
    ...(certificate && { certificateFile: resolve(certificate) }),
  }
}

/** The last newline of a password file is dropped. */
function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch {
    throw new StartRefusal(`${name} cannot be read: ${file}`)
  }
}
