import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { restore } from '#kernel/backup.ts'
import { dataDir } from '../reach-database.ts'
import { readNames, refuseFile } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

export async function run(args: string[], { stdout }: CommandIo): Promise<number> {
  const { names, json } = readNames(args, 1, 'restore FILE [--json]')
  const folder = dataDir()
  const file = resolve(names[0]!)
  if (!existsSync(file)) throw refuseFile(file, 'missing')
  await restore(file, folder)
  stdout.write(
    json ? `${JSON.stringify({ dataDir: folder })}\n` : `Restored into ${folder}; script/start goes on from there.\n`,
  )
  return 0
}
