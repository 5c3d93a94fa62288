import { resolve } from 'node:path'
import { backUp } from '#kernel/backup.ts'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import type { CommandIo } from '../ventanilla.ts'

export async function run(args: string[], { stdout }: CommandIo): Promise<number> {
  const [file] = args.filter((arg) => !arg.startsWith('--'))
  if (!file) throw new StartRefusal('Say where the backup goes: bin/ventanilla backup FILE')
  await backUp(resolve(process.env.DATA_DIR || './data'), resolve(file))
  stdout.write(
    args.includes('--json') ? `${JSON.stringify({ file: resolve(file) })}\n` : `Backed up to ${resolve(file)}\n`,
  )
  return 0
}
