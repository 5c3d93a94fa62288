import { readFile } from 'node:fs/promises'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { keyFromPkcs8, type SigningKey } from '#modules/seals/index.ts'
import { Pkcs12Error, readPkcs12 } from '#trust/pkcs12/read-pkcs12.ts'

/** @throws StartRefusal with the one sentence for the operator */
export async function openSealFile(file: string, password: string): Promise<SigningKey> {
  const bytes = await readFile(file).catch(() => {
    throw new StartRefusal(`SEAL_P12 cannot be read: ${file}`)
  })
  try {
    const { key, certificate, chain } = readPkcs12(bytes, password)
    return keyFromPkcs8(key, certificate, chain)
  } catch (error) {
    if (!(error instanceof Pkcs12Error)) throw error
    throw new StartRefusal(`SEAL_P12 or its password is wrong: ${error.message}.`)
  }
}
