import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { backUp } from '#kernel/backup.ts'
import { dataDir } from '../reach-database.ts'
import { readNames, refuseFile } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

export async function run(args: string[], { stdout }: CommandIo): Promise<number> {
  const { names, json } = readNames(args, 1, 'backup FILE [--json]')
  const file = resolve(names[0]!)
  if (!existsSync(dirname(file))) throw refuseFile(dirname(file), 'no-folder')
  await backUp(dataDir(), file)
  stdout.write(json ? `${JSON.stringify({ file })}\n` : `Backed up to ${file}\n`)
  return 0
}
