import {
  type Explanation,
  type Finding,
  markInside,
  type ToldSignature,
  tell,
  tellChange,
  tellChanges,
  tellInside,
  tellReason,
  type Verdict,
} from '#modules/verification/index.ts'
import {
  body,
  bullets,
  button,
  columns,
  details,
  fileInput,
  form,
  heading,
  lead,
  link,
  mono,
  summaryList,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showInstant } from '#web/format.ts'
import { type Html, html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { textsOf } from './verify.ts'

const looks: Record<Verdict, string> = {
  sound: 'vn-verdict--sound',
  altered: 'vn-verdict--altered',
  invalid: 'vn-verdict--altered',
  untrusted: 'vn-verdict--doubt',
  unsealed: 'vn-verdict--altered',
  undetermined: 'vn-verdict--doubt',
  unsigned: 'vn-verdict--doubt',
  unreadable: 'vn-verdict--doubt',
}

export interface Original {
  code: string
  folio: string
  title: string
}

export interface Here {
  /** It is, to the byte, one that was issued or received here. */
  inRecords: boolean
  original?: Original
  /** What comes back when the report is wanted; undefined where it is too much for a page. */
  carried: string | undefined
}

/** In plain words what it proves and what it does not; the technical part for whoever wants it. */
export function verdictPage(
  context: PageContext,
  explanation: Explanation,
  { inRecords, original, carried }: Here,
): Page {
  const t = textsOf(context)
  const told = tell(explanation, context.language, (at) => showInstant(at, context))
  const sound = explanation.verdict === 'sound'
  const foreign = sound && !inRecords && isDocument(explanation) && !isOfOffice(explanation)
  const isAlone = explanation.findings.some(({ subIndication }) => subIndication === 'SIGNED_DATA_NOT_FOUND')
  const changes = tellChanges(explanation, context.language)
  const title = foreign ? t('records.none.title') : told.title
  return {
    title,
    body: columns(
      html`<div class="vn-verdict ${foreign ? looks.untrusted : looks[explanation.verdict]}">${heading(title)}${lead(foreign ? t('records.none') : told.body)}${sound && inRecords && body(t('records.same'))}</div>
${original && originalPart(context, original, t)}
${isAlone && contentPart(context, t)}
${
  told.signatures.length > 0 &&
  html`${heading(t('signatures'), 'm', 2)}${marked(
    told.signatures.map(({ mark, who, line }) => [mark, html`<strong>${who}</strong>: ${line}`]),
    t,
  )}`
}
${changes.length > 0 && html`${heading(t('changed'), 'm', 2)}${bullets(changes)}`}
${told.proves.length > 0 && html`${heading(t('proves'), 'm', 2)}${bullets(told.proves)}`}
${told.doesNotProve.length > 0 && html`${heading(t('does-not-prove'), 'm', 2)}${bullets(told.doesNotProve)}`}
${explanation.inside && insidePart(context, explanation.inside, t)}
${details(t('details'), technical(context, explanation, t))}
${carried && !isAlone && explanation.verdict !== 'unreadable' && reportPart(context, carried, t)}
<p class="govuk-body">${link('/verificar', t('another'))}</p>`,
    ),
  }
}

type Say = ReturnType<typeof textsOf>

function originalPart(context: PageContext, { code, folio, title }: Original, t: Say): Html {
  return html`${heading(t('original.title'), 'm', 2)}${body(`${title}. ${t('original.body')}`)}${form(context.csrf, '/verificar/original', html`<input type="hidden" name="codigo" value="${code}"><input type="hidden" name="folio" value="${folio}">${button({ label: t('original.download') })}`)}`
}

/** Each mark is said in words too: it does not rest on its shape or colour. */
function marked(lines: Array<[mark: ToldSignature['mark'] | 'none', line: Html]>, t: Say): Html {
  return html`<ul class="govuk-list vn-marked">${lines.map(([mark, line]) => html`<li><span class="vn-mark vn-mark--${mark}" aria-hidden="true">${t(`mark.${mark}`)}</span><span>${line}</span></li>`)}</ul>`
}

/** A certificate, a time-stamp or a proof by itself is nobody's document: nothing is said of whose it would be. */
const isDocument = ({ format }: Explanation): boolean => ['pdf', 'cms', 'asic-e'].includes(format)

/** Anyone with an e.firma can sign anything: that alone does not make it an official document. */
const isOfOffice = ({ findings }: Explanation): boolean =>
  findings.some(({ ofPlatform, ofInstitution }) => ofPlatform || ofInstitution)

/** A signature in a file of its own is judged with what it is over; nothing was kept, so both are brought. */
function contentPart({ csrf, language }: PageContext, t: Say): Html {
  return html`${heading(t('content'), 'm', 2)}${form(csrf, '/verificar', html`${fileInput(language, { name: 'archivo', label: t('content.signature') })}${fileInput(language, { name: 'contenido', label: t('content.content') })}${button({ label: t('verify.go') })}`, { files: true })}`
}

function reportPart({ csrf }: PageContext, carried: string, t: Say): Html {
  return html`${heading(t('report'), 'm', 2)}${body(t('report.body'))}${form(csrf, '/verificar/informe', html`<input type="hidden" name="informe" value="${carried}">${button({ label: t('report.download'), kind: 'secondary' })}`)}`
}

function insidePart({ language }: PageContext, inside: NonNullable<Explanation['inside']>, t: Say): Html {
  return html`${heading(t('inside'), 'm', 2)}${marked(
    inside.map(({ name, verdict }) => [markInside(verdict), html`${mono(name)}: ${tellInside(verdict, language)}`]),
    t,
  )}`
}

function technical(context: PageContext, explanation: Explanation, t: Say): Html {
  const { sha256, issued, folio, findings, log, inside, verdict } = explanation
  const about = [
    { key: t('digest'), value: mono(sha256) },
    ...(issued && verdict === 'sound'
      ? [{ key: t('digest.issued'), value: html`${mono(issued.sha256)}<br>${t('digest.issued.why')}` }]
      : []),
    ...(folio ? [{ key: t('folio'), value: mono(folio) }] : []),
    ...(log
      ? [
          {
            key: t('log'),
            value: html`${t(`log.${log.indication}`, { index: log.index ?? '' })}${log.origin && html`<br>${mono(log.origin)}`}`,
          },
        ]
      : []),
  ]
  return html`${summaryList(about)}${findings.map((finding) => html`${heading(t(finding.kind), 's', 2)}${summaryList(findingRows(context, finding, inside ? 'CAdES' : 'PAdES', t))}`)}`
}

function findingRows(context: PageContext, finding: Finding, family: 'PAdES' | 'CAdES', t: Say) {
  const { name, anchor, level, indication, subIndication, modifications, modificationReasons, claimedTime } = finding
  const reason = tellReason(finding, context.language)
  const said = claimedTime ? `, ${showInstant(claimedTime, context)}` : ''
  return [
    { key: t('by'), value: `${name ?? t('unnamed')}${said}` },
    ...(anchor
      ? [{ key: t('anchor'), value: anchor.demo ? t('anchor.demo', { name: anchor.name }) : anchor.name }]
      : []),
    ...(level === 'none' ? [] : [{ key: t('level'), value: `${family} ${level}` }]),
    {
      key: t('result'),
      value: html`${mono([indication, subIndication].filter(Boolean).join(' '))}${reason && html`<br>${reason}`}`,
    },
    {
      key: t('changes'),
      value: html`${t(`changes.${modifications}`)}${modificationReasons.length > 0 && html`<br>${modificationReasons.map((each) => tellChange(each, context.language)).join(' ')}`}`,
    },
  ]
}
