import { basename } from 'node:path'
import { defineTexts, type Language, say } from '#kernel/texts.ts'
import { type Explanation, tell, tellChanges, tellInside } from '#modules/verification/index.ts'
import { showInstant } from '#web/format.ts'
import { printable } from './printable.ts'

const texts = defineTexts({
  signatures: { es: 'Firmas y sellos', en: 'Signatures and seals' },
  inside: { es: 'Documentos que contiene', en: 'Documents inside' },
  proves: { es: 'Qué prueba', en: 'What it proves' },
  'does-not-prove': { es: 'Qué no prueba', en: 'What it does not prove' },
  changes: { es: 'Qué cambió después', en: 'What changed afterwards' },
  anchor: { es: 'En quién se confió', en: 'Who was trusted' },
  demo: { es: 'demostración', en: 'demo' },
  at: { es: 'Comprobado el {at}, sin conexión.', en: 'Checked on {at}, offline.' },
})

const MARKS = { good: '✓', bad: '✗', open: '?' } as const
const MOST_SHOWN = 12

/** The instants of whoever sits at this machine, with the name of their zone. */
export function instantsOf(language: Language): (at: Date) => string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (at) => `${showInstant(at, { language, zone })} (${zone})`
}

/** One screen for a judge: a sentence, a list, what it proves and what it does not. No word of the technique. */
export function showExplanation(file: string, explanation: Explanation, language: Language): string {
  const t = (key: keyof typeof texts, facts: Record<string, string> = {}) => say(texts, key, language, facts)
  const instant = instantsOf(language)
  const { title, body, signatures, proves, doesNotProve } = tell(explanation, language, instant)
  const list = (key: keyof typeof texts, items: string[], mark = '·'): string[] =>
    items.length > 0 ? ['', `  ${t(key)}`, ...shortened(items).map((item) => `    ${mark} ${item}`)] : []
  const anchors = new Map(
    (explanation.report?.signatures ?? []).flatMap(({ anchor }) => (anchor ? [[anchor.sha256, anchor] as const] : [])),
  )
  const lines = [
    `${basename(file)}: ${title}`,
    `  ${body}`,
    ...(signatures.length > 0 ? ['', `  ${t('signatures')}`] : []),
    ...shortened(signatures.map(({ mark, who, line }) => `    ${MARKS[mark]} ${who}: ${line}`)),
    ...list('changes', tellChanges(explanation, language)),
    ...list(
      'inside',
      (explanation.inside ?? []).map(({ name, verdict }) => `${name}: ${tellInside(verdict, language)}`),
    ),
    ...list('proves', proves),
    ...list('does-not-prove', doesNotProve),
    ...list(
      'anchor',
      [...anchors.values()].map(
        ({ name, sha256, demo }) => `${name}${demo ? ` (${t('demo')})` : ''}, SHA-256 ${sha256}`,
      ),
    ),
    '',
    ...(explanation.report ? [`  ${t('at', { at: instant(new Date(explanation.report.validatedAt)) })}`] : []),
  ]
  return `${lines.map(printable).join('\n')}\n`
}

const shortened = (items: string[]): string[] =>
  items.length > MOST_SHOWN ? [...items.slice(0, MOST_SHOWN), `… ${items.length - MOST_SHOWN}`] : items
