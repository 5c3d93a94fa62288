import { openDatabase } from '#kernel/database.ts'
import { migrate } from '#kernel/migrations.ts'
import { importPostalCodes, parsePostalCodes } from '#modules/catalogue/index.ts'
import { migrationFolders } from '../../src/migrations.ts'
import { reachOwner } from '../reach-database.ts'
import { readNamedFile, readNames, UsageRefusal } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE = 'import postal-codes FILE [--json]'

/** Reads the post office's own file; the states in it replace what was known of them, the others stay. */
export async function run(args: string[], { stdout }: CommandIo): Promise<number> {
  const { names, json } = readNames(args, 2, USAGE)
  const [what, file] = names as [string, string]
  if (what !== 'postal-codes') throw new UsageRefusal(USAGE)
  const bytes = await readNamedFile(file)
  const { rows, skipped } = parsePostalCodes(bytes)
  if (rows.length === 0)
    throw new UsageRefusal(`${file} is not in the post office’s layout: no line of it is a postal code.`)
  const source = await reachOwner()
  const opened = openDatabase(source.url, { max: 2 })
  try {
    await migrate(source.url, migrationFolders)
    const imported = await importPostalCodes(opened.db, rows)
    stdout.write(
      json ? `${JSON.stringify({ imported, skipped })}\n` : `${imported} postal codes, ${skipped} lines skipped\n`,
    )
    return 0
  } finally {
    await opened.close()
    await source.release()
  }
}
