import { readFileSync } from 'node:fs'
import { fixedClock } from '#kernel/clock.ts'
import { openDatabase } from '#kernel/database.ts'
import { openLog } from '#kernel/log.ts'
import { openDataGatherer, readAuthorityFolder, readRevocationSources } from '#modules/identity/index.ts'
import { openPreservation } from '#modules/preservation/index.ts'

/** A process of its own that preserves what is due, once: to be killed in the middle, or to run beside others. */
const { url, time, trust, sources, at } = JSON.parse(readFileSync(0, 'utf8')) as Record<string, string>
const { db, close } = openDatabase(url!, { max: 4 })
const preservation = openPreservation({
  db,
  clock: fixedClock(at!),
  log: openLog('silent'),
  gatherer: openDataGatherer({
    db,
    authorities: await readAuthorityFolder(trust!),
    sources: await readRevocationSources([sources!]),
    known: new Set(),
    demo: false,
    onSilence: () => {},
  }),
  stamp: async (digest) => {
    const response = await fetch(`${time}/time`, { method: 'POST', body: Uint8Array.from(digest) })
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined
  },
})
const report = await preservation.run()
process.stdout.write(JSON.stringify(report))
await close()
