import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'

const source = fileURLToPath(new URL('..', import.meta.url))

/**
 * The one stylesheet: govuk-frontend's rules for the classes that our pages use, our own, and the pack's colours. Its typeface
 * and its marks are left out: they belong to another State.
 */
export async function buildStyles(packDir: string, fonts: { regular: string; bold: string }): Promise<string> {
  const govuk = readFileSync(
    createRequire(import.meta.url).resolve('govuk-frontend/dist/govuk/govuk-frontend.min.css'),
    'utf8',
  )
  const own = readFileSync(join(source, 'web/ventanilla.css'), 'utf8')
    .replace('FONT_REGULAR', fonts.regular)
    .replace('FONT_BOLD', fonts.bold)
  const kept = keepUsed(govuk.replaceAll('GDS Transport', 'Noto Sans'), usedClasses())
  const theme = readFileSync(join(packDir, 'theme.css'), 'utf8')
  const { code } = await transform(`${kept}\n${own}\n${theme}`, { loader: 'css', minify: true })
  return code
}

/** Every govuk class that stands in the sources of our pages, also where its last part is computed. */
function usedClasses(): (name: string) => boolean {
  const exact = new Set<string>()
  const stems: string[] = []
  for (const file of globSync('{web,channels}/**/*.ts', { cwd: source })) {
    const text = readFileSync(join(source, file), 'utf8')
    for (const [whole] of text.matchAll(/govuk-[\w-]*(\$\{)?/g)) {
      if (whole.endsWith('${')) stems.push(whole.slice(0, -2))
      else exact.add(whole)
    }
  }
  const useful = stems.filter((stem) => stem.length > 'govuk-'.length)
  // `govuk-${kind}__input` is one of two.
  const computed = ['govuk-radios', 'govuk-checkboxes']
  return (name) =>
    exact.has(name) ||
    useful.some((stem) => name.startsWith(stem)) ||
    computed.some((stem) => name === stem || name.startsWith(`${stem}_`))
}

/** Drops rules all of whose selectors name a govuk class that is not used, and the font faces. Nesting: @media, @supports. */
function keepUsed(css: string, used: (name: string) => boolean): string {
  let out = ''
  for (const { prelude, block } of topLevel(css)) {
    if (block === undefined) out += `${prelude};`
    else if (/^@(media|supports)/.test(prelude)) {
      const inner = keepUsed(block, used)
      if (inner !== '') out += `${prelude}{${inner}}`
    } else if (prelude.startsWith('@')) {
      if (!prelude.startsWith('@font-face')) out += `${prelude}{${block}}`
    } else {
      const selectors = splitSelectors(prelude).filter((selector) =>
        [...selector.matchAll(/\.(govuk-[\w-]+)/g)].every(([, name]) => used(name!)),
      )
      if (selectors.length > 0) out += `${selectors.join(',')}{${block}}`
    }
  }
  return out
}

function* topLevel(css: string): Generator<{ prelude: string; block: string | undefined }> {
  const text = css.replace(/\/\*[\s\S]*?\*\//g, '')
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('{', at)
    const semicolon = text.indexOf(';', at)
    if (open < 0) return
    if (semicolon >= 0 && semicolon < open) {
      yield { prelude: text.slice(at, semicolon).trim(), block: undefined }
      at = semicolon + 1
      continue
    }
    const close = matching(text, open)
    yield { prelude: text.slice(at, open).trim(), block: text.slice(open + 1, close) }
    at = close + 1
  }
}

function matching(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1
    if (text[at] === '}') depth -= 1
    if (depth === 0) return at
  }
  throw new Error('a stylesheet with a block that does not end')
}

/** At commas that are not inside `:not(a, b)`. */
function splitSelectors(prelude: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const each of prelude) {
    if (each === '(') depth += 1
    if (each === ')') depth -= 1
    if (each === ',' && depth === 0) {
      parts.push(part)
      part = ''
    } else part += each
  }
  return [...parts, part]
}
