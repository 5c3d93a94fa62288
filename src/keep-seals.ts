import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartRefusal } from '#kernel/embedded-postgres.ts'
import type { Seal } from '#modules/seals/index.ts'

/** Beside its certificate in `trust/seals`: whose seal it is, and from when until when it was in use. */
interface KeptSeal {
  holder: string
  from: string
  until: string | null
  /** Written by an operator who fears that somebody else has its key (docs/operate/keys.md): it never comes back. */
  lost?: boolean
}

/**
 * Keeps every seal that was ever in use, so that what it sealed goes on being verified after it is renewed. One that its holder does not
 * use any more gets its end; one that comes back loses it.
 * @param folder `DATA_DIR/trust`
 * @throws StartRefusal for one that is lost
 */
export async function keepSeals(folder: string, inUse: readonly Seal[], now: Date): Promise<void> {
  const seals = join(folder, 'seals')
  await mkdir(seals, { recursive: true })
  const names = new Map(inUse.map((seal) => [nameOf(seal), seal]))
  for (const file of await readdir(seals)) {
    const name = file.endsWith('.json') ? file.slice(0, -5) : undefined
    if (name === undefined) continue
    const kept = parseKept(await readFile(join(seals, file), 'utf8'))
    if (!kept) continue
    if (kept.lost && names.has(name))
      throw new StartRefusal(`trust/seals/${file} says that this seal of ${kept.holder} is lost: use another.`)
    const until = names.has(name) ? null : (kept.until ?? now.toISOString())
    names.delete(name)
    if (until !== kept.until) await writeWhole(join(seals, file), JSON.stringify({ ...kept, until }))
  }
  for (const [name, { holder, certificate }] of names) {
    await writeWhole(join(seals, `${name}.cer`), certificate.der)
    const kept: KeptSeal = { holder, from: now.toISOString(), until: null }
    await writeWhole(join(seals, `${name}.json`), JSON.stringify(kept))
  }
}

/**
 * From now on what it seals is nobody's word, and what it sealed stands only where a time-stamp of before proves it.
 * @param digest hexadecimal SHA-256 of its certificate
 * @throws StartRefusal where no such seal was ever in use
 */
export async function loseSeal(folder: string, digest: string, now: Date): Promise<void> {
  const seals = join(folder, 'seals')
  const sha256 = digest.replaceAll(':', '').toLowerCase()
  const names = /^[0-9a-f]{64}$/.test(sha256) ? await readdir(seals).catch(() => []) : []
  const file = names.find((name) => name.endsWith(`-${sha256.slice(0, 16)}.json`))
  const kept = file && parseKept(await readFile(join(seals, file), 'utf8'))
  if (!file || !kept) throw new StartRefusal(`No seal with the certificate ${digest} was ever in use here.`)
  const until = kept.until ?? now.toISOString()
  await writeWhole(join(seals, file), JSON.stringify({ ...kept, until, lost: true }))
}

/** One that was broken is written again if its seal is in use. */
function parseKept(text: string): KeptSeal | undefined {
  try {
    return JSON.parse(text) as KeptSeal
  } catch {
    return undefined
  }
}

const nameOf = ({ holder, certificate }: Seal): string => `${holder}-${certificate.sha256.slice(0, 16)}`

/** All of it or nothing: a verifier may read at any moment. */
async function writeWhole(file: string, content: string | Buffer): Promise<void> {
  await writeFile(`${file}.new`, content)
  await rename(`${file}.new`, file)
}
