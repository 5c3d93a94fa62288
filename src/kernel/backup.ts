import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip, constants as zlib } from 'node:zlib'
import pg from 'pg'
import { extract, type Pack, pack } from 'tar-stream'
import { makeDataFolder, StartRefusal, startEmbeddedPostgres } from './embedded-postgres.ts'

/** What a running server writes for itself, or what the copy brings on its own; see PostgreSQL's "Making a Base Backup". */
const NOT_COPIED =
  /^postgres\/(postmaster\.(pid|opts)|pg_wal\/.+|pg_(dynshmem|notify|serial|snapshots|stat_tmp|subtrans|replslot)\/.+|pgsql_tmp.*)$/
const NOT_KEPT = /^(lock|\.restoring(\/.*)?|postgres\.log|tmp(\/.*)?)$/
const WAL_SEGMENT = /^[0-9A-F]{24}$/
const END_MARK = 'backup-complete'
const BUILDING = '.restoring'

/**
 * A base backup of the embedded database while it serves, and of the keys and certificates beside it, as one gzipped tar.
 * The file appears under its name only when it is whole.
 * @throws StartRefusal when there is nothing to copy
 */
export async function backUp(dataDir: string, file: string): Promise<void> {
  const source = await reachDatabase(dataDir)
  const client = new pg.Client({ connectionString: source.url })
  const partial = `${file}.${randomBytes(4).toString('hex')}.partial`
  try {
    await client.connect()
    // A slot that lives as long as this connection keeps every log segment from here on until it is copied.
    await client.query(`select pg_create_physical_replication_slot($1, true, true)`, [
      `backup_${randomBytes(6).toString('hex')}`,
    ])
    const started = await client.query<{ segment: string }>(
      `select pg_walfile_name(pg_backup_start('ventanilla', true)) as segment`,
    )
    const archive = pack()
    const written = pipeline(
      archive,
      createGzip({ level: zlib.Z_BEST_SPEED }),
      createWriteStream(partial, { mode: 0o600 }),
    )
    await Promise.all([written, fill(archive, dataDir, client, started.rows[0]!.segment)])
    await makeDurable(partial)
    await rename(partial, file)
  } finally {
    await client.end().catch(() => {})
    await source.release()
  }
}

async function fill(archive: Pack, dataDir: string, client: pg.Client, firstSegment: string): Promise<void> {
  try {
    for await (const path of walk(dataDir)) {
      const name = relative(dataDir, path).split(sep).join('/')
      if (!NOT_COPIED.test(name) && !NOT_KEPT.test(name)) await addFile(archive, path, name)
    }
    const stopped = await client.query<{ labelfile: string; spcmapfile: string; segment: string }>(
      `select labelfile, spcmapfile, pg_walfile_name(lsn) as segment from pg_backup_stop(wait_for_archive => false)`,
    )
    const { labelfile, segment } = stopped.rows[0]!
    await addText(archive, 'postgres/backup_label', labelfile)
    const segments = (await readdir(join(dataDir, 'postgres', 'pg_wal'))).filter((name) => WAL_SEGMENT.test(name))
    for (const name of segments.filter((each) => each >= firstSegment && each <= segment).sort()) {
      await addFile(archive, join(dataDir, 'postgres', 'pg_wal', name), `postgres/pg_wal/${name}`)
    }
    await addText(archive, END_MARK, segment)
    archive.finalize()
  } catch (error) {
    archive.destroy(error as Error)
    throw error
  }
}

/** Empty folders matter to PostgreSQL: they end in a slash. */
async function* walk(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      yield path + sep
      yield* walk(path)
    } else if (entry.isFile()) yield path
  }
}

/** The size is taken once: what a live table grows meanwhile is in the log segments, and what it lost is filled with zeros. */
async function addFile(archive: Pack, path: string, name: string): Promise<void> {
  if (path.endsWith(sep)) {
    await addEntry(archive, { name: `${name}/`, type: 'directory', mode: 0o700 })
    return
  }
  const info = await stat(path).catch(() => undefined)
  if (!info) return
  const { size } = info
  const entry = archive.entry({ name, size, mode: info.mode & 0o777 })
  const finished = new Promise<void>((done, failed) => entry.on('finish', () => done()).on('error', failed))
  let left = size
  if (size > 0) {
    for await (const chunk of createReadStream(path, { end: size - 1 })) {
      const bytes = chunk as Buffer
      left -= bytes.length
      if (!entry.write(bytes)) await new Promise<void>((resume) => entry.once('drain', () => resume()))
    }
  }
  if (left > 0) entry.write(Buffer.alloc(left))
  entry.end(undefined)
  await finished
}

function addText(archive: Pack, name: string, text: string): Promise<void> {
  return addEntry(archive, { name, mode: 0o600 }, text)
}

function addEntry(archive: Pack, header: Parameters<Pack['entry']>[0], text = ''): Promise<void> {
  return new Promise((done, failed) => archive.entry(header, text, (error) => (error ? failed(error) : done())))
}

/**
 * Brings a backup into a data folder that has none; the next start recovers from it.
 * @throws StartRefusal when the folder is in use or the file is not a whole backup
 */
export async function restore(file: string, dataDir: string): Promise<void> {
  await makeDataFolder(dataDir)
  const there = (await readdir(dataDir)).filter((name) => name !== BUILDING)
  if (there.length > 0) throw new StartRefusal(`${dataDir} is not empty (${there[0]}): restore into an empty DATA_DIR.`)
  // Inside the folder: beside it may be another file system.
  const building = join(dataDir, BUILDING)
  await rm(building, { recursive: true, force: true })
  await mkdir(building, { mode: 0o700 })
  let whole = false
  const archive = extract()
  const unpacked = pipeline(createReadStream(file), createGunzip(), archive)
  const reading = (async () => {
    for await (const entry of archive) {
      const { name, type, mode } = entry.header
      const target = resolve(building, name)
      if (target !== building && !target.startsWith(building + sep))
        throw new StartRefusal(`${file} is not a backup of Ventanilla.`)
      if (name === END_MARK) whole = true
      if (type === 'directory') await mkdir(target, { recursive: true, mode: 0o700 })
      else {
        await mkdir(dirname(target), { recursive: true, mode: 0o700 })
        await pipeline(entry, createWriteStream(target, { mode: (mode ?? 0o600) & 0o777 }))
      }
      entry.resume()
    }
  })()
  try {
    await Promise.all([unpacked, reading])
  } catch (error) {
    if (error instanceof StartRefusal) throw error
    throw new StartRefusal(`${file} is not a backup of Ventanilla, or not a whole one.`)
  }
  if (!whole) throw new StartRefusal(`${file} is not a whole backup of Ventanilla.`)
  // The database last: a start sees all of it or, if this is cut off here, none.
  const names = (await readdir(building)).filter((name) => name !== END_MARK)
  for (const name of names.sort((a, b) => Number(a === 'postgres') - Number(b === 'postgres')))
    await rename(join(building, name), join(dataDir, name))
  await rm(building, { recursive: true, force: true })
}

/** The running server's address, from the file it keeps; or a server of our own where none runs. */
export async function reachDatabase(dataDir: string): Promise<{ url: string; release(): Promise<void> }> {
  const password = await readFile(join(dataDir, 'postgres.password'), 'utf8').catch(() => undefined)
  if (password === undefined) throw new StartRefusal(`There is no embedded database in ${dataDir}: set DATA_DIR.`)
  const port = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[3]
  if (port) {
    const url = `postgres://ventanilla:${password.trim()}@127.0.0.1:${port.trim()}/postgres`
    if (await answers(url)) return { url, release: async () => {} }
  }
  const own = await startEmbeddedPostgres(dataDir)
  return { url: own.url, release: own.stop }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

async function makeDurable(file: string): Promise<void> {
  const handle = await open(file, 'r')
  await handle.sync()
  await handle.close()
}
