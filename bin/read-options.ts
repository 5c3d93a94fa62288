import { type ParseArgsConfig, parseArgs } from 'node:util'
import { StartRefusal } from '#kernel/embedded-postgres.ts'

/** The options of a command; one that it does not have is answered with how the command is used, and exit 2. */
export function readOptions<Config extends ParseArgsConfig>(config: Config, usage: string) {
  try {
    return parseArgs(config)
  } catch {
    throw new StartRefusal(usage)
  }
}
