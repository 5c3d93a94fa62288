import { readFile } from 'node:fs/promises'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { defineTexts, say } from '#kernel/texts.ts'
import { languageOf } from './language.ts'

const texts = defineTexts({
  missing: { es: 'No existe el archivo {file}.', en: 'There is no file {file}.' },
  folder: { es: '{file} es una carpeta, no un archivo.', en: '{file} is a folder, not a file.' },
  forbidden: { es: 'No tiene permiso para leer el archivo {file}.', en: 'You may not read the file {file}.' },
  unreadable: { es: 'El archivo {file} no se puede leer.', en: 'The file {file} cannot be read.' },
  'no-folder': { es: 'No existe la carpeta {file}.', en: 'There is no folder {file}.' },
  'no-plain-file': { es: '{file} no es un archivo.', en: '{file} is no file.' },
})

const FAULTS: Readonly<Record<string, keyof typeof texts>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EISDIR: 'folder',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
}

/** In the words of whoever sits at this machine. */
export const refuseFile = (file: string, key: keyof typeof texts): UsageRefusal =>
  new UsageRefusal(say(texts, key, languageOf(undefined, process.env), { file }))

/** What the system says of a file that cannot be read. */
export const refuseUnreadable = (file: string, error: unknown): UsageRefusal =>
  refuseFile(file, FAULTS[(error as NodeJS.ErrnoException).code ?? ''] ?? 'unreadable')

/** The command was not given what it needs; the message says how it is used, or what is missing. Exit 2. */
export class UsageRefusal extends Error {
  /** How the command is used, without what was wrong this time. */
  readonly usage: string

  constructor(usage: string, reason?: string) {
    super(reason === undefined ? usage : `${reason}. ${usage}`)
    this.usage = usage
  }
}

/** The options of a command; one that it does not have is answered with how the command is used, and exit 2. */
export function readOptions<Config extends ParseArgsConfig>(config: Config, usage: string) {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new UsageRefusal(usage, (error as Error).message.split('. ')[0])
  }
}

const json = { json: { type: 'boolean' } } as const

/** The usual command: some names, and `--json`. */
export function readNames(args: string[], count: number, usage: string): { names: string[]; json: boolean } {
  const { values, positionals } = readOptions({ args, allowPositionals: true, options: json }, usage)
  if (positionals.length !== count) throw new UsageRefusal(usage)
  return { names: positionals, json: values.json === true }
}

/** @throws UsageRefusal that names the file, where it cannot be read */
export async function readNamedFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw refuseUnreadable(file, error)
  }
}

/** What a password file says: its last newline is dropped. @throws UsageRefusal */
export const readPassword = async (file: string): Promise<string> =>
  (await readNamedFile(file)).toString('utf8').replace(/\r?\n$/, '')

/** The commands that only answer line by line: `--json` is how they answer anyway. */
export function requireBatch(args: string[], usage: string): void {
  const { values } = readOptions({ args, options: { batch: { type: 'boolean' }, ...json } }, usage)
  if (!values.batch) throw new UsageRefusal(usage)
}

/** One line of a batch. The message is what the line's answer says. */
export function readJsonObject(line: string): Record<string, unknown> {
  const value = parseJson(line)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RangeError('The line is not a JSON object.')
  return value as Record<string, unknown>
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
