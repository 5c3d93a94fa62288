import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

export const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '')

export interface SourceFile {
  /** From the project's root, with slashes. */
  path: string
  text: string
}

/** Every TypeScript file under the given folders, tests apart unless asked for. */
export function sources(folders: string[], options: { tests?: boolean } = {}): SourceFile[] {
  return folders
    .flatMap((folder) => walk(join(root, folder)))
    .filter((path) => path.endsWith('.ts') && (options.tests || !path.endsWith('.test.ts')))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }))
}

export function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : [path]
  })
}

/** The files of ours that a file imports, as paths from the root. */
export function importsOf({ path, text }: SourceFile): string[] {
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!)
  return found.flatMap((specifier) => resolveOurs(specifier, path))
}

function resolveOurs(specifier: string, from: string): string[] {
  if (specifier.startsWith('.')) return [relative(root, join(root, from, '..', specifier))]
  const match = /^#(kernel|trust|modules|channels|web)\/(.+)$/.exec(specifier)
  if (match) return [`src/${match[1]}/${match[2]}`]
  if (specifier === '#config') return ['src/config.ts']
  return []
}
