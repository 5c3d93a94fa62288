import { mkdir } from 'node:fs/promises'
import type { Shop } from './shop.ts'

/** Writes the whole file of a case into the folder. @param path of the cases, for the person or for the office */
export async function saveCaseFile(shop: Shop, path: string, folio: string, out: string) {
  await mkdir(out, { recursive: true })
  return shop.save(`${path}/${encodeURIComponent(folio)}/file`, out)
}
