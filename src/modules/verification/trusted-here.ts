import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Authorities, loadAuthorities, readAuthorityFolder } from '#modules/identity/index.ts'
import { type NoteVerifier, parseVerifierKey } from '#trust/note/signed-note.ts'
import { type KnownSeal, readKnownSeals } from './known-seals.ts'

/** What is trusted, by whoever asks. */
export interface TrustedHere {
  authorities: Authorities
  /** The platform's own and those of institutions, known by heart, the old ones with their end. */
  seals: readonly KnownSeal[]
  log: NoteVerifier | undefined
}

/** What this installation trusts: the pack's pins and `<dataDir>/trust` (contracts, "Trust"). */
export async function readTrustedHere(place: {
  dataDir: string
  packDir: string
  demo: boolean
}): Promise<TrustedHere> {
  const folder = join(place.dataDir, 'trust')
  return {
    authorities: await loadAuthorities(place),
    seals: await readKnownSeals(folder),
    log: await readLogKey(join(folder, 'log.pub')),
  }
}

/** Exactly what somebody names, and nothing else; a copy of an installation's own folder says what is said there. */
export async function readTrustedFrom(folder: string | undefined, logKey: string | undefined): Promise<TrustedHere> {
  const key = logKey ?? (folder === undefined ? undefined : join(folder, 'log.pub'))
  return {
    authorities: folder === undefined ? [] : await readAuthorityFolder(folder),
    seals: folder === undefined ? [] : await readKnownSeals(folder),
    log: key === undefined ? undefined : await readLogKey(key),
  }
}

async function readLogKey(file: string): Promise<NoteVerifier | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : parseVerifierKey(text)
}
