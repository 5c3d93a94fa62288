import { resolve } from 'node:path'
import type { KeySource } from '#modules/seals/index.ts'
import { readNamedFile, readPassword, UsageRefusal } from '../read-options.ts'

const text = { type: 'string' } as const

/** A seal's key, named in words. */
export const keyOptions = {
  p12: text,
  'password-file': text,
  'pkcs11-module': text,
  'pkcs11-token': text,
  'pkcs11-key': text,
  'pin-file': text,
  certificate: text,
} as const

export const KEY_USAGE =
  '--p12 F --password-file F | --pkcs11-module F --pkcs11-token LABEL --pkcs11-key LABEL --pin-file F [--certificate F]'

export type NamedKey = { [Name in keyof typeof keyOptions]?: string }

/** The files that a key comes from. */
export const filesOf = (named: NamedKey): string[] =>
  [named.p12, named['password-file'], named['pin-file'], named.certificate].filter((each) => each !== undefined)

/** Undefined where no key is named. @throws UsageRefusal for half of one, and for two */
export async function readKeyFlags(
  named: NamedKey,
  usage: string,
): Promise<{ source: KeySource; called: string } | undefined> {
  const { p12, certificate, 'password-file': passwordFile, 'pin-file': pinFile } = named
  const { 'pkcs11-module': module, 'pkcs11-token': token, 'pkcs11-key': key } = named
  const ofToken = [module, token, key, pinFile, certificate].some((each) => each !== undefined)
  if (!p12 && !passwordFile && !ofToken) return undefined
  if (p12 && passwordFile && !ofToken) {
    await readNamedFile(p12)
    return { source: { kind: 'pkcs12', file: resolve(p12), password: await readPassword(passwordFile) }, called: p12 }
  }
  if (p12 || passwordFile || !module || !token || !key || !pinFile) throw new UsageRefusal(usage)
  const certificateFile = certificate ? { certificateFile: resolve(certificate) } : {}
  const place = { module: resolve(module), token, key }
  return { source: { kind: 'pkcs11', place, pin: await readPassword(pinFile), ...certificateFile }, called: module }
}
