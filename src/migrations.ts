import { fileURLToPath } from 'node:url'

const folderOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Every module that owns tables, the lower ones first: a module may refer to tables of those before it, never after. */
export const migrationFolders: Array<{ module: string; folder: string }> = [
  { module: 'kernel', folder: folderOf('./kernel/migrations') },
  ...[
    'ledger',
    'identity',
    'seals',
    'timestamping',
    'documents',
    'preservation',
    'catalogue',
    'post-office',
    'cases',
    'case-files',
  ].map((module) => ({
    module,
    folder: folderOf(`./modules/${module}/migrations`),
  })),
]
