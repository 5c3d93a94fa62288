import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reachDatabase } from '#kernel/backup.ts'

/** Where the operator's commands find the installation: the same environment as the server's. */
export const dataDir = (): string => resolve(process.env.DATA_DIR || './data')
export const packDir = (): string => process.env.PACK_DIR || fileURLToPath(new URL('../packs/mx', import.meta.url))

/** Whether the server of the same environment is a demo. */
export const isDemo = (): boolean => (process.env.DEMO ? process.env.DEMO === '1' : !process.env.DATABASE_URL)

/** The owner's address of the database, started for the time of the command where no server runs. */
export async function reachOwner(): Promise<{ url: string; release(): Promise<void> }> {
  const url = process.env.DATABASE_URL
  return url ? { url, release: async () => {} } : reachDatabase(dataDir())
}
