import type { Language } from '#kernel/texts.ts'

/** As `--lang` says, else as the machine's locale does; Spanish where it says neither. */
export function languageOf(named: string | undefined, environment: NodeJS.ProcessEnv): Language {
  const said = named ?? environment.LC_ALL ?? environment.LC_MESSAGES ?? environment.LANG ?? ''
  return /^en/i.test(said) ? 'en' : 'es'
}
