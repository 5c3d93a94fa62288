import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Authorities, loadAuthorities, readAuthorityFolder } from '#modules/identity/index.ts'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { type NoteVerifier, parseVerifierKey } from '#trust/note/signed-note.ts'

/** What is trusted, by whoever asks. */
export interface TrustedHere {
  authorities: Authorities
  /** The platform's own, known by heart. */
  seal: Certificate | undefined
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
    seal: await readSeal(folder),
    log: await readLogKey(join(folder, 'log.pub')),
  }
}

/** Exactly what somebody names, and nothing else; a copy of an installation's own folder says what is said there. */
export async function readTrustedFrom(folder: string | undefined, logKey: string | undefined): Promise<TrustedHere> {
  const key = logKey ?? (folder === undefined ? undefined : join(folder, 'log.pub'))
  return {
    authorities: folder === undefined ? [] : await readAuthorityFolder(folder),
    seal: folder === undefined ? undefined : await readSeal(folder),
    log: key === undefined ? undefined : await readLogKey(key),
  }
}

async function readSeal(folder: string): Promise<Certificate | undefined> {
  const seal = await readFile(join(folder, 'seal.cer')).catch(() => undefined)
  return seal && parseCertificate(seal)
}

async function readLogKey(file: string): Promise<NoteVerifier | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : parseVerifierKey(text)
}
