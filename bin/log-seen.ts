import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rootOf } from '#trust/merkle/tree.ts'
import { openCheckpoint } from '#trust/note/checkpoint.ts'
import type { NoteVerifier } from '#trust/note/signed-note.ts'

/**
 * The largest checkpoint that was seen here of the log of this key (docs/formats/log.md): a log may only grow from it. The signed
 * note is kept whole: it is the evidence against a log that shrank or was written anew.
 * @param leaves of the log as it is now, all of them computed
 * @param note the checkpoint that they gave
 * @returns what is wrong; undefined where the log goes on from what was seen, which is then remembered
 */
export async function compareWithSeen(
  folder: string,
  verifier: NoteVerifier,
  { leaves, note }: { leaves: readonly Buffer[]; note: string },
): Promise<string | undefined> {
  const file = join(folder, `${verifier.keyId.toString('hex')}.note`)
  const seen = openCheckpoint(await readFile(file, 'utf8').catch(() => ''), verifier)
  if (seen && seen.size > leaves.length)
    return `it has ${leaves.length} entries, and had ${seen.size} when it was seen here before (${file})`
  if (seen && seen.size > 0 && !rootOf(leaves.slice(0, seen.size)).equals(seen.root))
    return `its first ${seen.size} entries are not those that were seen here before (${file})`
  await mkdir(folder, { recursive: true })
  await writeFile(file, note)
  return undefined
}
