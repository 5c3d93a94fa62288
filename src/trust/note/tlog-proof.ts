import { verifyInclusion } from '#trust/merkle/verify-proof.ts'
import { type Checkpoint, openCheckpoint, parseCheckpointText } from './checkpoint.ts'
import { type NoteVerifier, parseNote } from './signed-note.ts'

const HEAD = 'c2sp.org/tlog-proof@v1'
const MOST_HASHES = 64

/** C2SP tlog-proof: an index, a path and a signed checkpoint as one text, which travels inside a receipt. */
export interface TlogProof {
  index: number
  path: Buffer[]
  /** The signed note. */
  checkpoint: string
}

export function writeTlogProof({ index, path, checkpoint }: TlogProof): string {
  return `${HEAD}\nindex ${index}\n${path.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${checkpoint}`
}

/** @returns undefined for anything that is not such a text */
export function parseTlogProof(text: string): TlogProof | undefined {
  const split = text.indexOf('\n\n')
  const [head, indexLine, ...hashes] = text.slice(0, Math.max(0, split)).split('\n')
  const index = /^index (0|[1-9]\d{0,15})$/.exec(indexLine ?? '')?.[1]
  const path = hashes.map((hash) => Buffer.from(hash, 'base64'))
  const sound =
    path.length <= MOST_HASHES && path.every((hash, i) => hash.length === 32 && hash.toString('base64') === hashes[i])
  if (split < 0 || head !== HEAD || index === undefined || !sound) return undefined
  return { index: Number(index), path, checkpoint: text.slice(split + 2) }
}

export interface TlogReport {
  indication: 'PASSED' | 'FAILED' | 'INDETERMINATE'
  reason: string
  checkpoint: Checkpoint | undefined
}

/** Whether the proof leads from this leaf to a checkpoint that the pinned key signed; without a pinned key nothing is certain. */
export function verifyTlogProof(text: string, leafHash: Uint8Array, verifier: NoteVerifier | undefined): TlogReport {
  const proof = parseTlogProof(text)
  const note = proof && parseNote(proof.checkpoint)
  const unsigned = note && parseCheckpointText(note.text)
  if (!proof || !unsigned)
    return { indication: 'FAILED', reason: 'this is not a proof of the log', checkpoint: undefined }
  const inclusion = verifyInclusion({
    leafIndex: proof.index,
    treeSize: unsigned.size,
    root: unsigned.root,
    leafHash,
    proof: proof.path,
  })
  if (inclusion.indication === 'FAILED') return { ...inclusion, checkpoint: unsigned }
  if (!verifier) return { indication: 'INDETERMINATE', reason: 'no log key is trusted here', checkpoint: unsigned }
  const checkpoint = openCheckpoint(proof.checkpoint, verifier)
  if (!checkpoint)
    return { indication: 'FAILED', reason: 'the checkpoint is not signed by the trusted log', checkpoint: unsigned }
  return { indication: 'PASSED', reason: 'the entry is in the log', checkpoint }
}
