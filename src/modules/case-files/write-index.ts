import { dateFormat } from '#kernel/formats.ts'
import { type Language, say, type Text } from '#kernel/texts.ts'
import { statusTexts } from '#modules/cases/index.ts'
import { type CaseContents, isIn, type NoticeWithEvents } from './gather-case.ts'
import { actTitle, type ListedFile } from './list-files.ts'
import { fileWords } from './texts.ts'

export interface IndexFacts {
  contents: CaseContents
  institution: Text
  files: readonly ListedFile[]
  /** Of the regime: instants are written in it. */
  zone: string
}

const STYLE =
  'body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#111;background:#fff}h1{font-size:1.6em}h2{font-size:1.2em;margin-top:2em}dt{font-weight:bold}dd{margin:0 0 .5em}li{margin:.4em 0}small,code{color:#444;overflow-wrap:anywhere}'

/** The file's index for people: one page of plain HTML without a script, that nothing is fetched for. */
export function writeIndex({ contents, institution, files, zone }: IndexFacts, language: Language): Buffer {
  const t = (key: keyof typeof fileWords) => escaped(say(fileWords, key, language))
  const instant = (at: Date) =>
    escaped(`${dateFormat(language, zone, { dateStyle: 'long', timeStyle: 'medium' }).format(at)} (${zone})`)
  const { record, ficha, steps, notices } = contents
  const title = `${t('title')} ${escaped(record.folio)}`
  const facts: [keyof typeof fileWords, string][] = [
    ['folio', escaped(record.folio)],
    ['service', escaped(ficha.name[language])],
    ['institution', escaped(institution[language])],
    ['applicant', escaped(record.applicant.name)],
    ['status', escaped(say(statusTexts, record.status, language))],
    ['received', instant(record.receivedAt)],
    ['due', escaped(record.term.due)],
    ...(steps.length > 0 ? [['newest', instant(steps.at(-1)!.at)] as [keyof typeof fileWords, string]] : []),
  ]
  const fileItem = (file: ListedFile) =>
    `<li><a href="${escaped(file.name)}">${escaped(file.title[language])}</a> ${file.at ? `<small>${instant(file.at)}</small>` : ''}${
      file.sha256 ? `<br><small>${t('digest')}: <code>${file.sha256}</code></small>` : ''
    }${file.code ? `<br><small>${t('code')}: <code>${escaped(file.code)}</code></small>` : ''}</li>`
  const section = (key: ListedFile['section']) => {
    const own = files.filter((file) => file.section === key)
    return `<h2>${t(key)}</h2>\n${list(own.map(fileItem), t('none'))}`
  }
  const history = steps.map(
    ({ at, act, by_name, facts: said }) =>
      `<li>${escaped(actTitle(act, said, language))} <small>${instant(at)}${by_name ? `, ${escaped(by_name)}` : ''}</small></li>`,
  )
  const noticeItem = ({ notice }: NoticeWithEvents) =>
    `<li>${escaped(notice.subject[language])}<br><small>${t('deposited')} ${instant(notice.postedAt)}${
      notice.servedAt ? `. ${t('served')}: ${instant(notice.servedAt)}` : ''
    }${notice.openedAt ? `. ${t('opened')}: ${instant(notice.openedAt)}` : ''}${
      isIn(contents, notice.actDocumentId) ? '' : `. ${t('closed')}`
    }</small></li>`
  return Buffer.from(`<!DOCTYPE html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body><main>
<h1>${title}</h1>
<dl>${facts.map(([key, value]) => `<dt>${t(key)}</dt><dd>${value}</dd>`).join('\n')}</dl>
${section('documents')}
${section('attachments')}
<h2>${t('history')}</h2>
${list(history, t('none'))}
<h2>${t('notices')}</h2>
${list(notices.map(noticeItem), t('none'))}
${section('evidence')}
<p><a href="case.json">${t('case.file')}</a></p>
<h2>${t('check')}</h2>
<p>${t('check.text')}</p>
</main></body>
</html>
`)
}

const list = (items: readonly string[], none: string): string =>
  items.length > 0 ? `<ul>\n${items.join('\n')}\n</ul>` : `<p>${none}</p>`

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
