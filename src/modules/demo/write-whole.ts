import { randomUUID } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'

/** A file is there whole or not at all, also when the process is killed while writing it. */
export async function writeWhole(path: string, bytes: Uint8Array | string, mode = 0o644): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, bytes, { mode })
  await rename(draft, path)
}
