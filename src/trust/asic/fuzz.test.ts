import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { AT, containerOf, part } from '#test/support/asic.ts'
import { type ForgedEnd, type ForgedEntry, forgeZip } from '#test/support/forge-zip.ts'
import { seededRandom } from '#test/support/mutate-der.ts'
import { authority, issue } from '#test/support/pki.ts'
import { stamper, timestampOver } from '#test/support/signed-pdf.ts'
import { prepareArchive } from './archive-asic.ts'
import { AsicError } from './errors.ts'
import { readManifest } from './read-manifest.ts'
import { readXml } from './read-xml.ts'
import { readZip } from './read-zip.ts'
import { verifyAsic } from './verify-asic.ts'

const run = promisify(execFile)
const LONG = Boolean(process.env.LONG_TESTS)
const root = authority({ subject: 'root' })
const clock = stamper(root)
const parts = [part('solicitud.txt', 'what was asked for'), part('anexos/año 1.txt', 'what was attached')]
const signed = await containerOf(parts, issue({ subject: 'citizen', issuer: root }), clock)
const { manifest: archiveManifest, complete } = prepareArchive(signed, { at: AT })
const whole = Buffer.concat([...complete(timestampOver(archiveManifest, clock, new Date('2026-01-01T00:00:00Z')))])
const files = readZip(whole).map(({ name, read }) => ({ name, bytes: Buffer.from(read()) }))
const xml = files.find(({ name }) => name === 'META-INF/ASiCManifest001.xml')!.bytes
const deflated = forgeZip(files.map((each, i): ForgedEntry => ({ ...each, deflate: i > 0 })))

/** A report, whatever the bytes; and what it calls signed is what was signed, under its own name. */
function judge(bytes: Buffer): 'refused' | 'unsound' | 'sound' {
  const { error, dataObjects, signatures, timestamps } = verifyAsic(bytes)
  if (error) return 'refused'
  for (const { name, coveredBy, read } of dataObjects)
    if (coveredBy.length > 0) {
      const original = parts.find((each) => each.name === name)
      assert.ok(original && Buffer.from(original.bytes).equals(read()), `${name} is called signed and is not`)
    }
  for (const { sound, kind, covers } of timestamps) assert.ok(!sound || (kind === 'archive' && covers.length > 0))
  return signatures.some(({ facts }) => facts.sound) ? 'sound' : 'unsound'
}

const typed = (read: () => unknown): boolean => {
  try {
    read()
    return true
  } catch (error) {
    if (!(error instanceof AsicError)) throw error
    return false
  }
}

test('what is fuzzed here passes unharmed', () => {
  assert.equal(judge(whole), 'sound')
  assert.equal(judge(deflated), 'sound')
})

test('no flipped bit of a container changes what is called signed', () => {
  for (const file of [whole, deflated])
    for (let i = 0; i < file.length; i++)
      for (const mask of LONG ? [1, 2, 4, 8, 16, 32, 64, 128, 255] : i % 4 === 0 ? [0x01, 0xff] : [0x80]) {
        const flipped = Buffer.from(file)
        flipped[i]! ^= mask
        judge(flipped)
      }
})

test('a container cut at any byte, or with bytes after its end, is refused', () => {
  for (let i = 0; i < whole.length; i++) assert.equal(judge(whole.subarray(0, i)), 'refused')
  assert.equal(judge(Buffer.concat([whole, Buffer.from([0])])), 'refused')
  assert.equal(judge(Buffer.concat([whole, whole])), 'refused')
})

type Pick = <T>(items: readonly T[]) => T
const NUMBERS = [0, 1, 2, 8, 20, 30, 45, 0x800, 0x801, 0xffff]
const SIZES = [0, 1, 17, 1000, 0x7fffffff, 0xfffffffe, 0xffffffff]

/** One to three things wrong: entries dropped, doubled, moved or renamed, headers that lie, bytes where none belong. */
function mutateZip(random: () => number): Buffer {
  const pick: Pick = (items) => items[Math.floor(random() * items.length)]!
  const entries: ForgedEntry[] = files.map((each) => ({ ...each, deflate: each.name !== 'mimetype' && random() < 0.3 }))
  const end: ForgedEnd = {}
  for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes--) {
    const at = Math.floor(random() * entries.length)
    const entry = entries[at]
    if (entry) changeEntry(entries, at, entry, pick)
    if (random() < 0.1)
      Object.assign(end, {
        [pick(['entries', 'here', 'disk', 'size', 'offset'])]: pick([...NUMBERS, ...SIZES]) & 0xffff,
      })
    if (random() < 0.05) Object.assign(end, { [pick(['before', 'gap', 'after'])]: Buffer.from('PK') })
  }
  return forgeZip(entries, end)
}

function changeEntry(entries: ForgedEntry[], at: number, entry: ForgedEntry, pick: Pick): void {
  const where = pick(['both', 'local', 'central'] as const)
  const lie = (field: object) => {
    entries[at] = { ...entry, [where]: { ...entry[where], ...field } }
  }
  const changes = [
    () => entries.splice(at, 1),
    () => entries.splice(at, 0, { ...entry }),
    () => entries.push(...entries.splice(at, 1)),
    () => {
      entries[at] = { ...entry, name: pick(files).name }
    },
    () => {
      entries[at] = { ...entry, bytes: pick(files).bytes }
    },
    () => {
      entries[at] = { ...entry, unwritten: true }
    },
    () => {
      entries[at] = { ...entry, after: Buffer.from(pick(['', 'PK', 'PK\u0003\u0004'])) }
    },
    () => lie({ flags: pick(NUMBERS) }),
    () => lie({ method: pick([0, 8, 9, 99]) }),
    () => lie({ version: pick(NUMBERS) }),
    () => lie({ crc: pick(SIZES) }),
    () => lie({ packed: pick(SIZES) }),
    () => lie({ size: pick(SIZES) }),
    () =>
      lie({ name: pick(['../a', 'a\\b', 'solicitud.txt', 'META-INF/signature001.p7s', 'META-INF/x.p7s', 'mimetype']) }),
    () => lie({ extra: Buffer.from(pick(['', '5554050000', '757005000100000000', '0100']), 'hex') }),
    () => {
      const external = pick([0, 0x10, 0xa1ff0000, 0x41ed0000])
      entries[at] = { ...entry, central: { ...entry.central, external, offset: pick([undefined!, ...SIZES]) } }
    },
  ]
  pick(changes)()
}

test('mutated containers end in a report, and what is called signed is what was signed', () => {
  const random = seededRandom(20261125)
  const count = { refused: 0, unsound: 0, sound: 0 }
  for (let i = 0; i < (LONG ? 50_000 : 10_000); i++) count[judge(mutateZip(random))]++
  assert.ok(count.refused > 0 && count.unsound > 0 && count.sound > 0, JSON.stringify(count))
})

test('what is read is what unzip reads', async () => {
  const random = seededRandom(7)
  const folder = await mkdtemp(join(tmpdir(), 'ventanilla-fuzz-'))
  try {
    for (let compared = 0; compared < (LONG ? 200 : 15); ) {
      const bytes = mutateZip(random)
      if (!typed(() => readZip(bytes).map(({ read }) => read()))) continue
      compared++
      const path = join(folder, 'a.zip')
      await writeFile(path, bytes)
      const entries = readZip(bytes).filter(({ name }) => !name.endsWith('/'))
      const { stdout } = await run('unzip', ['-p', path], { encoding: 'buffer' })
      assert.deepEqual(stdout, Buffer.concat(entries.map(({ read }) => read())))
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('no flipped bit of a manifest is more than a typed error or another manifest', () => {
  for (let i = 0; i < xml.length; i++)
    for (const mask of [1, 4, 0x20, 0x80, 0xff]) {
      const flipped = Buffer.from(xml)
      flipped[i]! ^= mask
      typed(() => readManifest(flipped))
    }
})

const STRANGE = ['', '<', '&', '&lt;', '&#0;', '&#x10ffff;', '<!--', ']]>', '<![CDATA[', '<!DOCTYPE a>', '<?x?>', 'xmlns:a="b"', '\u0000', '\ufeff', '../', '%2e%2e', '"', '1'] // biome-ignore format: a list

test('mutated manifests end in a typed error or a manifest whose names are safe', () => {
  const random = seededRandom(162)
  const tokens = xml.toString().split(/(?=[<\s"])|(?<=[>"])/)
  const pick: Pick = (items) => items[Math.floor(random() * items.length)]!
  let read = 0
  for (let i = 0; i < (LONG ? 50_000 : 10_000); i++) {
    const mutant = [...tokens]
    for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes--) {
      const at = Math.floor(random() * mutant.length)
      pick([
        () => mutant.splice(at, 1),
        () => mutant.splice(at, 0, pick(tokens)),
        () => mutant.splice(at, 1 + Math.floor(random() * 12)),
        () => mutant.splice(at, 0, ...mutant.slice(at, at + Math.floor(random() * 30))),
        () => mutant.splice(at, 0, pick(STRANGE)),
        () => mutant.splice(at, 1, pick(STRANGE)),
      ])()
    }
    const bytes = Buffer.from(mutant.join(''))
    typed(() => readXml(bytes))
    typed(() => {
      const { objects, signature } = readManifest(bytes)
      for (const name of [signature, ...objects.map((each) => each.name)])
        assert.doesNotMatch(name, /(^|\/)\.\.?(\/|$)|^\/|\\/)
      read++
    })
  }
  assert.ok(read > 0)
})
