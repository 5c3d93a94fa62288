import { dateFormat } from '#kernel/formats.ts'
import { type Language, say, type Text } from '#kernel/texts.ts'
import { statusTexts } from '#modules/cases/index.ts'
import { type CaseContents, isIn } from './gather-case.ts'
import { actTitle, type ListedFile } from './list-files.ts'
import { fileWords } from './texts.ts'

export interface IndexFacts {
  contents: CaseContents
  institution: Text
  files: readonly ListedFile[]
  /** Of the regime: instants are written in it. */
  zone: string
}

type Word = keyof typeof fileWords

/** How one reader's index writes words and instants; everything comes out escaped. */
interface Page extends IndexFacts {
  language: Language
  t(key: Word): string
  instant(at: Date): string
  /** @param text YYYY-MM-DD */
  day(text: string): string
}

const STYLE =
  'body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#111;background:#fff}h1{font-size:1.6em}h2{font-size:1.2em;margin-top:2em}dt{font-weight:bold}dd{margin:0 0 .5em}li{margin:.4em 0}small,code{color:#444;overflow-wrap:anywhere}'

/** The file's index for people: one page of plain HTML without a script, that nothing is fetched for. */
export function writeIndex(facts: IndexFacts, language: Language): Buffer {
  const format = dateFormat(language, facts.zone, { dateStyle: 'long', timeStyle: 'medium', hourCycle: 'h23' })
  const days = dateFormat(language, 'UTC', { dateStyle: 'long' })
  const page: Page = {
    ...facts,
    language,
    t: (key) => escaped(say(fileWords, key, language)),
    day: (text) => escaped(days.format(new Date(text))),
    instant: (at) => escaped(format.format(at)),
  }
  const { t, contents } = page
  const title = `${t('title')} ${escaped(contents.record.folio)}`
  return Buffer.from(`<!DOCTYPE html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body><main>
<h1>${title}</h1>
${about(page)}
${section(page, 'documents')}
${section(page, 'attachments')}
<h2>${t('history')}</h2>
${history(page)}
<h2>${t('notices')}</h2>
${notices(page)}
${section(page, 'evidence')}
<p><a href="case.json">${t('case.file')}</a></p>
<h2>${t('check')}</h2>
<p>${t('check.text')}</p>
<p><small>${t('check.experts')}</small></p>
</main></body>
</html>
`)
}

function about({ t, day, instant, language, institution, zone, contents: { record, ficha, steps } }: Page): string {
  const last = steps.at(-1)
  const facts: [Word, string][] = [
    ['folio', escaped(record.folio)],
    ['service', escaped(ficha.name[language])],
    ['institution', escaped(institution[language])],
    ['applicant', escaped(record.applicant.name)],
    ['status', escaped(say(statusTexts, record.status, language))],
    ['received', instant(record.receivedAt)],
    ['due', day(record.term.due)],
    ...(last ? [['newest', instant(last.at)] as [Word, string]] : []),
    ['zone', escaped(zone)],
  ]
  return `<dl>${facts.map(([key, value]) => `<dt>${t(key)}</dt><dd>${value}</dd>`).join('\n')}</dl>`
}

function section(page: Page, key: ListedFile['section']): string {
  const { t, instant, language, files } = page
  const items = files
    .filter((file) => file.section === key)
    .map(({ name, title, at, sha256, code }) => {
      const small = [
        at && instant(at),
        sha256 && `${t(key === 'documents' ? 'digest.issued' : 'digest')}: <code>${escaped(sha256)}</code>`,
        code && `${t('code')}: <code>${escaped(code)}</code>`,
      ]
      return `<a href="${escaped(name)}">${escaped(title[language])}</a>${smallPrint(small)}`
    })
  return `<h2>${t(key)}</h2>\n${list(page, items)}`
}

function history(page: Page): string {
  const { instant, language, contents } = page
  return list(
    page,
    contents.steps.map(
      ({ at, act, by_name, facts }) =>
        `${escaped(actTitle(act, facts, language))}${smallPrint([[instant(at), ...(by_name ? [escaped(by_name)] : [])].join(' · ')])}`,
    ),
  )
}

function notices(page: Page): string {
  const { t, instant, language, contents } = page
  return list(
    page,
    contents.notices.map(({ notice }) => {
      const { subject, postedAt, servedAt, openedAt, actDocumentId } = notice
      const small = [
        `${t('deposited')}: ${instant(postedAt)}`,
        servedAt && `${t('served')}: ${instant(servedAt)}`,
        openedAt && `${t('opened')}: ${instant(openedAt)}`,
        !isIn(contents, actDocumentId) && t('closed'),
      ]
      return `${escaped(subject[language])}${smallPrint(small)}`
    }),
  )
}

const smallPrint = (lines: ReadonlyArray<string | false | null | undefined>): string =>
  lines
    .filter(Boolean)
    .map((line) => `<br><small>${line}</small>`)
    .join('')

const list = ({ t }: Page, items: readonly string[]): string =>
  items.length > 0 ? `<ul>\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>` : `<p>${t('none')}</p>`

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
