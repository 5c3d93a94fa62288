import { readFile } from 'node:fs/promises'
import { openDatabase } from '#kernel/database.ts'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import { migrate } from '#kernel/migrations.ts'
import { importPostalCodes, parsePostalCodes } from '#modules/catalogue/index.ts'
import { migrationFolders } from '../../src/migrations.ts'
import { reachOwner } from '../reach-database.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE = 'import postal-codes FILE [--json]'

/** Reads the post office's own file; the states in it replace what was known of them, the others stay. */
export async function run(args: string[], { stdout }: CommandIo): Promise<number> {
  const [what, file] = args.filter((arg) => !arg.startsWith('--'))
  if (what !== 'postal-codes' || !file) throw new StartRefusal(USAGE)
  const bytes = await readFile(file).catch(() => undefined)
  if (!bytes) throw new StartRefusal(`There is no file ${file}.`)
  const { rows, skipped } = parsePostalCodes(bytes)
  if (rows.length === 0)
    throw new StartRefusal(`${file} is not in the post office’s layout: no line of it is a postal code.`)
  const source = await reachOwner()
  const opened = openDatabase(source.url, { max: 2 })
  try {
    await migrate(source.url, migrationFolders)
    const imported = await importPostalCodes(opened.db, rows)
    stdout.write(
      args.includes('--json')
        ? `${JSON.stringify({ imported, skipped })}\n`
        : `${imported} postal codes, ${skipped} lines skipped\n`,
    )
    return 0
  } finally {
    await opened.close()
    await source.release()
  }
}
