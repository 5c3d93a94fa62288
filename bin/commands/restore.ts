import { resolve } from 'node:path'
import { restore } from '#kernel/backup.ts'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import type { CommandIo } from '../ventanilla.ts'

export async function run(args: string[], { stdout }: CommandIo): Promise<number> {
  const [file] = args.filter((arg) => !arg.startsWith('--'))
  if (!file) throw new StartRefusal('Say what to restore: bin/ventanilla restore FILE')
  const dataDir = resolve(process.env.DATA_DIR || './data')
  await restore(resolve(file), dataDir)
  stdout.write(
    args.includes('--json')
      ? `${JSON.stringify({ dataDir })}\n`
      : `Restored into ${dataDir}; script/start goes on from there.\n`,
  )
  return 0
}
