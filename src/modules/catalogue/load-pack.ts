import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type PackFile, readPackFile } from '#kernel/pack-file.ts'
import { checkFicha, warnOnHeld } from './check-ficha.ts'
import {
  type Ficha,
  fichaSchema,
  type Institution,
  institutionSchema,
  type Lists,
  listsSchema,
  type PackSettings,
  packSchema,
} from './ficha.ts'

export interface Pack {
  settings: PackSettings
  institutions: ReadonlyMap<string, Institution>
  lists: Lists
  fichas: Ficha[]
  warnings: string[]
}

export interface LoadPack {
  packDir: string
  calendars: ReadonlySet<string>
  noticeRules: ReadonlyMap<string, { matters: readonly string[] }>
}

/**
 * Reads a country's catalogue: `pack.yaml`, `lists.yaml`, `institutions/*.yaml`, `services/*.yaml`.
 * @throws PackFault at the first fault, with file, line and reason
 */
export async function loadPack({ packDir, calendars, noticeRules }: LoadPack): Promise<Pack> {
  const settings = await readPackFile<PackSettings>(join(packDir, 'pack.yaml'), 'pack.yaml', packSchema)
  const lists = (await readPackFile<Lists>(join(packDir, 'lists.yaml'), 'lists.yaml', listsSchema)).value
  const institutions = new Map<string, Institution>()
  for (const file of await readFolder<Institution>(packDir, 'institutions', institutionSchema))
    institutions.set(file.value.id, file.value)
  const fichas: Ficha[] = []
  for (const file of await readFolder<Ficha>(packDir, 'services', fichaSchema)) {
    checkFicha(file, { institutions, lists, calendars, noticeRules })
    fichas.push(file.value)
  }
  if (!institutions.has(settings.value.operator))
    settings.fail(['operator'], `unknown institution «${settings.value.operator}»`)
  settings.value.demoInstitutions.forEach((id, i) => {
    if (!institutions.has(id)) settings.fail(['demoInstitutions', i], `unknown institution «${id}»`)
  })
  return { settings: settings.value, institutions, lists, fichas, warnings: warnOnHeld(fichas) }
}

/** A file is named after the id inside it, so that an id stands once. */
async function readFolder<T extends { id: string }>(
  packDir: string,
  folder: string,
  schema: object,
): Promise<PackFile<T>[]> {
  const files: PackFile<T>[] = []
  for (const name of (await readdir(join(packDir, folder))).filter((each) => each.endsWith('.yaml')).sort()) {
    const file = await readPackFile<T>(join(packDir, folder, name), `${folder}/${name}`, schema)
    if (`${file.value.id}.yaml` !== name) file.fail(['id'], `the file is not named ${file.value.id}.yaml`)
    files.push(file)
  }
  return files
}
