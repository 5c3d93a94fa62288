import { isSignedBy, type NoteVerifier, parseNote } from './signed-note.ts'

/** C2SP tlog-checkpoint: what the log says of itself. */
export interface Checkpoint {
  origin: string
  size: number
  root: Buffer
}

export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`
}

/** Extension lines after the third are allowed and not read. @returns undefined where the text is no checkpoint */
export function parseCheckpointText(text: string): Checkpoint | undefined {
  const [origin, sizeText, rootText] = text.split('\n')
  const root = Buffer.from(rootText ?? '', 'base64')
  if (
    !origin ||
    !/^(0|[1-9]\d{0,15})$/.test(sizeText ?? '') ||
    root.length !== 32 ||
    root.toString('base64') !== rootText
  )
    return undefined
  const size = Number(sizeText)
  return Number.isSafeInteger(size) ? { origin, size, root } : undefined
}

/** The checkpoint in a signed note, if the pinned key signed it for its own origin. */
export function openCheckpoint(message: string, verifier: NoteVerifier): Checkpoint | undefined {
  const note = parseNote(message)
  const checkpoint = note && parseCheckpointText(note.text)
  if (!note || !checkpoint || checkpoint.origin !== verifier.name) return undefined
  return isSignedBy(note, verifier) ? checkpoint : undefined
}
