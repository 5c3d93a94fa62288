import { fileURLToPath } from 'node:url'
import { type Authority, addAuthority, loadAuthorities, readAuthorityFolder } from '#modules/identity/index.ts'
import { readNamedFile, readOptions, UsageRefusal } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

const USAGE = 'trust list [--trust DIR] [--json]  |  trust add FILE… [--unpinned] [--json]'

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readOptions(
    {
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean' }, unpinned: { type: 'boolean' }, trust: { type: 'string' } },
    },
    USAGE,
  )
  const [action, ...files] = positionals
  const place = { dataDir: process.env.DATA_DIR || './data', packDir: process.env.PACK_DIR || packFolder() }
  if (action === 'list' && files.length === 0) {
    const listed =
      values.trust === undefined
        ? await loadAuthorities({ ...place, demo: true })
        : await readAuthorityFolder(values.trust)
    return write(io, listed, values.json ?? false)
  }
  if (action !== 'add' || files.length === 0) throw new UsageRefusal(USAGE)
  const added: Authority[] = []
  for (const file of files) {
    const der = await readNamedFile(file)
    added.push(await addAuthority(der, { ...place, unpinned: values.unpinned ?? false }))
  }
  return write(io, added, values.json ?? false)
}

function write({ stdout }: CommandIo, authorities: readonly Authority[], json: boolean): number {
  const items = authorities.map(({ name, sha256, anchor, source, certificate }) => ({
    name,
    sha256,
    anchor,
    source,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
  }))
  if (json) stdout.write(`${JSON.stringify({ items })}\n`)
  else {
    for (const { sha256, anchor, source, notAfter, name } of items) {
      stdout.write(
        `${sha256.slice(0, 16)}  ${anchor ? 'anchor' : 'issuer'}  ${source.padEnd(9)}  until ${notAfter.slice(0, 10)}  ${name}\n`,
      )
    }
  }
  return 0
}

function packFolder(): string {
  return fileURLToPath(new URL('../../packs/mx', import.meta.url))
}
