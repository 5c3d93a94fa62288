import { join } from 'node:path'
import type { Demo } from '#modules/demo/index.ts'
import type { Config } from './config.ts'

/** What whoever starts it reads. */
export function welcomeText({ publicUrl, dataDir }: Config, demo: Demo | undefined): string {
  if (!demo) return `Ventanilla serves at ${publicUrl}\n`
  const people = demo.people
    .filter(({ kind }) => kind !== 'seal')
    .map(({ id, name, note }) => `  ${id.padEnd(22)} ${name} (${note.es})`)
  return `\nVentanilla serves at ${publicUrl}\n\nDemo. Who can sign in (password of all: ${demo.people[0]?.password}; files in ${join(dataDir, 'demo', 'people')} and at ${publicUrl}/demo):\n${people.join('\n')}\n`
}
