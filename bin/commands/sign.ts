import { certificatesIn, keyAtHand, openKey } from '#modules/seals/index.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { openEfirmaKey } from '../client/efirma.ts'
import { readNamedFile, readOptions, readPassword, UsageRefusal } from '../read-options.ts'
import { runSigning } from '../signing/run-signing.ts'
import { readOrder, SIGNING_USAGE, signingOptions } from '../signing/signing-flags.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE = `sign FILE… (--cer F --key F | --p12 F) --password-file F ${SIGNING_USAGE}`

/** Signs with a person's key, on the person's own machine: an e.firma, or any key with its certificate in PKCS#12. */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const own = { cer: { type: 'string' }, key: { type: 'string' }, p12: { type: 'string' } } as const
  const options = { ...signingOptions, ...own, 'password-file': { type: 'string' } } as const
  const { values, positionals } = readOptions({ args, allowPositionals: true, options }, USAGE)
  const { cer, key, p12, 'password-file': passwordFile } = values
  const order = readOrder(values, positionals, USAGE)
  const files = { cer: cer ?? '', key: key ?? '', passwordFile: passwordFile ?? '' }
  if (!passwordFile || (p12 ? cer || key : !cer || !key)) throw new UsageRefusal(USAGE)
  const open = p12 ? () => openP12(p12, passwordFile) : () => openPair(files)
  const keyFiles = [cer, key, p12, passwordFile].filter((each) => each !== undefined)
  return runSigning({ order, keyFiles, openKey: open, json: values.json ?? false }, io)
}

async function openPair(files: { cer: string; key: string; passwordFile: string }) {
  const { key, certificate } = await openEfirmaKey(files)
  return keyAtHand(key, parseCertificate(certificatesIn(certificate)![0]!), [])
}

async function openP12(file: string, passwordFile: string) {
  await readNamedFile(file)
  const password = await readPassword(passwordFile)
  return openKey({ kind: 'pkcs12', file, password }, file)
}
