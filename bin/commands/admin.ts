import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '#kernel/clock.ts'
import { openDatabase } from '#kernel/database.ts'
import { openDemoClock } from '#kernel/demo-clock.ts'
import { migrate } from '#kernel/migrations.ts'
import { grantAsOperator, identifyCertificate, isRole, loadAuthorities, roles } from '#modules/identity/index.ts'
import { append } from '#modules/ledger/index.ts'
import { migrationFolders } from '../../src/migrations.ts'
import { dataDir, isDemo, packDir, reachOwner } from '../reach-database.ts'
import { readNamedFile, readOptions, UsageRefusal } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE = `admin grant --cer FILE --role ${roles.join('|')} --institution ID (or "*", the platform)`

/** How the first administrator comes to be: whoever runs the machine grants, and the public log says so. */
export async function run(args: string[], { stdout }: CommandIo): Promise<number> {
  const { values, positionals } = readOptions(
    {
      args,
      allowPositionals: true,
      options: {
        cer: { type: 'string' },
        role: { type: 'string' },
        institution: { type: 'string' },
        json: { type: 'boolean' },
      },
    },
    USAGE,
  )
  const { cer, role, institution } = values
  if (positionals.join(' ') !== 'grant' || !cer || !isRole(role) || !institution) throw new UsageRefusal(USAGE)
  await checkInstitution(institution)
  const der = await readNamedFile(cer)
  const demo = isDemo()
  const authorities = await loadAuthorities({ dataDir: dataDir(), packDir: packDir(), demo })
  const source = await reachOwner()
  const opened = openDatabase(source.url, { max: 2 })
  try {
    await migrate(source.url, migrationFolders)
    const clock = demo ? await openDemoClock(opened.db, undefined, undefined) : systemClock
    const { efirma } = identifyCertificate(authorities, der, clock.now())
    const parts = { db: opened.db, clock, ledger: { append } }
    const account = await grantAsOperator(parts, { efirma, institution, role })
    stdout.write(
      values.json
        ? `${JSON.stringify({ accountId: account.id, name: account.name, role, institution })}\n`
        : `${account.name}: ${role} of ${institution}\n`,
    )
    return 0
  } finally {
    await opened.close()
    await source.release()
  }
}

/** A role of an institution that does not exist would be granted on the public record and serve nobody. */
async function checkInstitution(id: string): Promise<void> {
  const known = (await readdir(join(packDir(), 'institutions'))).map((file) => file.replace(/\.ya?ml$/, ''))
  if (id !== '*' && !known.includes(id))
    throw new UsageRefusal(USAGE, `There is no institution ${id}; there are ${known.join(', ')}`)
}
