import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { crc32, deflateRawSync } from 'node:zlib'
import { type ForgedEnd, type ForgedEntry, forgeZip } from '#test/support/forge-zip.ts'
import { AsicError, type AsicProblem } from './errors.ts'
import { readZip, type ZipLimits } from './read-zip.ts'
import { openZipWriter } from './write-zip.ts'

const run = promisify(execFile)
const AT = new Date('2026-03-01T12:00:00Z')
const text = Buffer.from('what was asked for\n')

function refused(problem: AsicProblem, entries: readonly ForgedEntry[], end?: ForgedEnd, limits?: ZipLimits): void {
  refusedBytes(problem, forgeZip(entries, end), limits)
}

function refusedBytes(problem: AsicProblem, bytes: Buffer, limits?: ZipLimits): void {
  assert.throws(
    () => readZip(bytes, limits).map(({ read }) => read()),
    (error) => error instanceof AsicError && error.problem === problem,
  )
}

const contents = (bytes: Buffer) => readZip(bytes).map(({ name, read }) => [name, read().toString()])

test('reads back what it writes, the same bytes each time, and unzip agrees', async () => {
  const write = () => {
    const zip = openZipWriter(AT)
    const pieces = [['mimetype', 'x'] as const, ['docs/año.txt', 'á'] as const].flatMap(([name, bytes]) =>
      zip.entry(name, Buffer.from(bytes)),
    )
    return Buffer.concat([...pieces, zip.end()])
  }
  const bytes = write()
  assert.deepEqual(bytes, write())
  assert.deepEqual(contents(bytes), [
    ['mimetype', 'x'],
    ['docs/año.txt', 'á'],
  ])
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'a.zip'), bytes)
    await run('unzip', ['-t', join(folder, 'a.zip')])
  })
})

test('reads what other writers make: folders, owners and times, and sizes that come after the data', async () => {
  await inFolder(async (folder) => {
    await run('mkdir', ['-p', join(folder, 'in/META-INF')])
    await writeFile(join(folder, 'in/META-INF/a.xml'), text)
    await writeFile(join(folder, 'in/b.txt'), 'b'.repeat(5000))
    await run('zip', ['-r', '../i.zip', '.'], { cwd: join(folder, 'in') })
    await run('sh', ['-c', 'zip -fz- -fd - in/b.txt | cat > s.zip'], { cwd: folder })
    const names = contents(await readFile(join(folder, 'i.zip'))).map(([name]) => name)
    assert.deepEqual(names.toSorted(), ['META-INF/', 'META-INF/a.xml', 'b.txt'])
    assert.deepEqual(contents(await readFile(join(folder, 's.zip'))), [['in/b.txt', 'b'.repeat(5000)]])
  })
})

test('a true forgery is read: what is refused below is refused for its lie', () => {
  assert.deepEqual(contents(forgeZip([{ name: 'a', bytes: text, deflate: true }, { name: 'b/' }])), [
    ['a', text.toString()],
    ['b/', ''],
  ])
})

test('names that lead elsewhere, or that some system takes for another place', () => {
  // biome-ignore format: a list
  const unsafe = [
    '../a', 'a/../b', '/etc/passwd', 'a//b', './a', 'a/./b', '..', '.', '', 'C:a', 'C:/a', 'a\\b', '..\\a', 'a\u0000b', 'a\nb',
    'con', 'CON.txt', 'docs/LPT1.pdf', 'a.', 'a ', ' a', 'a/b./c', 'a\u202efdp.exe', 'a\u200b', 'a*', 'a?', 'a"', 'a|b', 'a\u2028',
    `${'a/'.repeat(20)}b`, 'a'.repeat(600),
  ]
  for (const name of unsafe) refused('unsafe-name', [{ name, bytes: text }])
})

test('names that are no text, or only in an old code page', () => {
  refused('unsafe-name', [{ name: Buffer.from([0x61, 0xff]), bytes: text, both: { flags: 0x800 } }])
  refused('unsafe-name', [{ name: 'ñ', bytes: text, both: { flags: 0 } }])
})

test('two entries of one name, or of one place on some systems', () => {
  const twice: [string, string][] = [
    ['a', 'a'],
    ['a', 'A'],
    ['ñ', 'n\u0303'],
    ['ﬁ', 'fi'],
    ['a', 'a/b'],
    ['a/', 'a'],
    ['D/a', 'd/b'],
  ]
  for (const names of twice)
    refused(
      'unsafe-name',
      names.map((name) => ({ name })),
    )
})

test('links, devices, labels and folders in disguise', () => {
  for (const type of [0xa000, 0x6000, 0x2000, 0x1000, 0xc000])
    refused('link', [{ name: 'a', bytes: text, central: { external: (type | 0o644) << 16 } }])
  refused('link', [{ name: 'a', bytes: text, central: { external: 0x10 } }])
  refused('link', [{ name: 'a', bytes: text, central: { external: 0x08 } }])
  refused('not-zip', [{ name: 'a/', bytes: text }])
})

test('encryption, in each of its forms', () => {
  for (const flags of [0x0001, 0x0041, 0x2000]) refused('encrypted', [{ name: 'a', bytes: text, both: { flags } }])
  refused('unsupported', [{ name: 'a', bytes: text, both: { method: 99 } }])
})

test('bombs: by ratio, by total, by number of entries, by what they say and by what they are', () => {
  const zeros = Buffer.alloc(32 * 1024 * 1024)
  const limits = { entries: 10, bytes: 64 * 1024 * 1024, unpacked: 64 * 1024 * 1024, ratio: 200 }
  refused('too-large', [{ name: 'a', bytes: zeros, deflate: true }])
  refused('too-large', [{ name: 'a' }, { name: 'b' }], {}, { ...limits, entries: 1 })
  refused('too-large', [{ name: 'a', bytes: zeros }], {}, { ...limits, bytes: 1024 * 1024 })
  const half = deflateRawSync(zeros.subarray(0, 900_000))
  const said = { name: 'a', bytes: zeros.subarray(0, 900_000), data: half, both: { method: 8, version: 20 } }
  refused(
    'too-large',
    Array.from({ length: 9 }, (_, i) => ({ ...said, name: `a${i}` })),
    {},
    { ...limits, unpacked: 8_000_000 },
  )
  // It says little and is much: no more than it says is unpacked.
  const lie = { name: 'a', bytes: text, data: deflateRawSync(zeros), both: { method: 8, version: 20 } }
  refused('damaged', [lie])
})

test('a bomb inside an entry stays packed: nothing inside a file is opened', () => {
  const inner = forgeZip([{ name: 'a', bytes: Buffer.alloc(32 * 1024 * 1024), deflate: true }])
  const [entry] = readZip(forgeZip([{ name: 'inner.zip', bytes: inner }]))
  assert.equal(entry!.read().length, inner.length)
})

test('entries that overlap: one body under many names, one inside another', () => {
  const body = { name: 'a', bytes: text }
  refused('not-zip', [body, { ...body, name: 'b', unwritten: true, central: { offset: 0, name: 'b' } }])
  refused('not-zip', [body, { ...body, name: 'b', central: { offset: 5 } }])
  // What the directory says to be longer reaches into the next.
  refused('not-zip', [{ ...body, both: { packed: 60, size: 60 } }, { name: 'b' }])
})

test('headers that say different things here and there', () => {
  const lies = [{ name: 'b' }, { size: 5 }, { packed: 5 }, { crc: 5 }, { flags: 2 }, { method: 8 }, { version: 20 }]
  for (const local of lies) refused('not-zip', [{ name: 'a', bytes: text, local }])
  refused('not-zip', [{ name: 'a', bytes: text, local: { signature: 0x04034b51 } }])
  refused('not-zip', [{ name: 'a', bytes: text, central: { signature: 0x02014b51 } }])
  refused('damaged', [{ name: 'a', bytes: text, both: { crc: 5 } }])
  refused('not-zip', [{ name: 'a', bytes: text, both: { packed: text.length, size: 1 } }])
})

test('Zip64, said where it is not needed or where it is a lie', () => {
  const extra = Buffer.from('0100100005000000000000000500000000000000', 'hex')
  refused('unsupported', [{ name: 'a', bytes: text, both: { size: 0xffffffff, packed: 0xffffffff, extra } }])
  refused('unsupported', [{ name: 'a', bytes: text, both: { extra } }])
  refused('unsupported', [{ name: 'a', bytes: text, central: { offset: 0xffffffff } }])
  refused('unsupported', [{ name: 'a', bytes: text }], { entries: 0xffff, here: 0xffff })
  refused('unsupported', [{ name: 'a', bytes: text }], { offset: 0xffffffff })
  refused('unsupported', [{ name: 'a', bytes: text, both: { version: 45 } }])
})

test('another name in an extra field, and extra fields that do not end', () => {
  const unicodePath = Buffer.concat([Buffer.from('757006000100000000', 'hex'), Buffer.from('b')])
  refused('unsupported', [{ name: 'a', bytes: text, central: { extra: unicodePath } }])
  refused('unsupported', [{ name: 'a', bytes: text, local: { extra: unicodePath } }])
  refused('not-zip', [{ name: 'a', bytes: text, central: { extra: Buffer.from('5554ff00', 'hex') } }])
  refused('not-zip', [{ name: 'a', bytes: text, central: { extra: Buffer.from('5554', 'hex') } }])
})

test('bytes that belong to nothing: before, between, behind the data, in the directory, after the end', () => {
  const some = Buffer.from('something')
  const entry = { name: 'a', bytes: text }
  refused('not-zip', [entry], { before: some })
  refused('not-zip', [{ ...entry, after: some }, { name: 'b' }])
  refused('not-zip', [{ ...entry, after: some }])
  refused('not-zip', [entry], { gap: some })
  refused('not-zip', [entry], { after: some })
  refused('not-zip', [entry], { comment: 'something' })
  refused('not-zip', [{ ...entry, central: { comment: 'something' } }])
  const hidden = Buffer.concat([deflateRawSync(text), some])
  refused('not-zip', [{ ...entry, data: hidden, both: { method: 8, version: 20 } }])
  assert.equal(contents(forgeZip([entry], { comment: 'mimetype=application/vnd.etsi.asic-e+zip' })).length, 1)
})

test('more entries, or fewer, than there are; parts of several; an end inside the end', () => {
  const entry = { name: 'a', bytes: text }
  refused('not-zip', [entry], { entries: 0, here: 0 })
  refused('not-zip', [entry], { entries: 2, here: 2 })
  refused('not-zip', [entry], { entries: 1, here: 2 })
  refused('not-zip', [entry], { disk: 1 })
  refused('not-zip', [entry], { size: 5 })
  // A second archive in the comment of the first.
  const second = forgeZip([{ name: 'b', bytes: text }])
  refused('not-zip', [entry], { comment: second.toString('latin1') })
  refusedBytes('not-zip', Buffer.concat([forgeZip([entry]), second]))
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(22), Buffer.from('PK\x05\x06'), Buffer.from('%PDF-1.7')])
    refusedBytes('not-zip', bytes)
})

test('a size that comes after the data is right, or nothing is', () => {
  const packed = deflateRawSync(text)
  const descriptor = (crc: number, size: number) => {
    const words = Buffer.alloc(16)
    words.writeUInt32LE(0x08074b50)
    words.writeUInt32LE(crc, 4)
    words.writeUInt32LE(packed.length, 8)
    words.writeUInt32LE(size, 12)
    return words
  }
  const streamed = {
    name: 'a',
    bytes: text,
    deflate: true,
    both: { flags: 8 },
    local: { crc: 0, packed: 0, size: 0 },
  }
  const right = descriptor(crc32(text), text.length)
  assert.equal(contents(forgeZip([{ ...streamed, after: right }])).length, 1)
  assert.equal(contents(forgeZip([{ ...streamed, after: right.subarray(4) }])).length, 1)
  refused('not-zip', [{ ...streamed, after: descriptor(crc32(text), 5) }])
  refused('not-zip', [streamed])
  // Stored and of unknown length: where it ends is anyone's guess.
  refused('unsupported', [{ ...streamed, deflate: false, after: right }])
})

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ventanilla-zip-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
