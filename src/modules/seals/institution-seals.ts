import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { PackFault, readPackFile } from '#kernel/pack-file.ts'
import type { KeySource } from './key-source.ts'

/** `DATA_DIR/seals/*.yaml`, as it is written (docs/operate/keys.md). */
interface SealFile {
  institution: string
  p12?: { file: string; passwordFile: string }
  pkcs11?: { module: string; token: string; key: string; pinFile: string; certificate?: string }
}

const text = { type: 'string', minLength: 1, maxLength: 1000 }
const fields = (required: string[], optional: string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties: Object.fromEntries([...required, ...optional].map((each) => [each, text])),
})
const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['institution'],
  properties: {
    institution: text,
    p12: fields(['file', 'passwordFile']),
    pkcs11: fields(['module', 'token', 'key', 'pinFile'], ['certificate']),
  },
}

export interface InstitutionSeal {
  institution: string
  source: KeySource
  /** Of the file, for messages. */
  file: string
}

/**
 * The seals of institutions, one file each; no folder is none. Other files' names are read from the folder on.
 * @param isKnown whether the catalogue has an institution of this id
 * @throws StartRefusal with the one sentence for the operator
 */
export async function readInstitutionSeals(
  folder: string,
  isKnown: (institution: string) => boolean,
): Promise<InstitutionSeal[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.ya?ml$/.test(name)).sort()
  const seals: InstitutionSeal[] = []
  for (const name of names) {
    const seal = await readOne(folder, name)
    if (!isKnown(seal.institution))
      throw new StartRefusal(`seals/${name}: the catalogue has no institution «${seal.institution}».`)
    const other = seals.find(({ institution }) => institution === seal.institution)
    if (other) throw new StartRefusal(`seals/${name}: ${seal.institution} has a seal in ${other.file} already.`)
    seals.push(seal)
  }
  return seals
}

async function readOne(folder: string, name: string): Promise<InstitutionSeal> {
  const file = `seals/${name}`
  const { institution, p12, pkcs11 } = await readShape(join(folder, name), file)
  const here = (path: string) => resolve(folder, path)
  if (Boolean(p12) === Boolean(pkcs11)) throw new StartRefusal(`${file}: name either p12 or pkcs11.`)
  if (p12) {
    const password = await readSecret(here(p12.passwordFile), `${file}: passwordFile`)
    return { institution, file, source: { kind: 'pkcs12', file: here(p12.file), password } }
  }
  const { module, token, key, pinFile, certificate } = pkcs11!
  const pin = await readSecret(here(pinFile), `${file}: pinFile`)
  const certificateFile = certificate ? { certificateFile: here(certificate) } : {}
  return {
    institution,
    file,
    source: { kind: 'pkcs11', place: { module: here(module), token, key }, pin, ...certificateFile },
  }
}

async function readShape(path: string, file: string): Promise<SealFile> {
  try {
    return (await readPackFile<SealFile>(path, file, SCHEMA)).value
  } catch (error) {
    if (error instanceof PackFault) throw new StartRefusal(`${error.message}.`)
    throw new StartRefusal(`${file} cannot be read.`)
  }
}

/** The last newline is dropped. */
async function readSecret(path: string, called: string): Promise<string> {
  const secret = await readFile(path, 'utf8').catch(() => {
    throw new StartRefusal(`${called} cannot be read: ${path}`)
  })
  return secret.replace(/\r?\n$/, '')
}
