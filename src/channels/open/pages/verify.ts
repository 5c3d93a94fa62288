import { say } from '#kernel/texts.ts'
import {
  type Explanation,
  type Finding,
  type ToldSignature,
  tell,
  tellChange,
  tellVerdict,
  type Verdict,
} from '#modules/verification/index.ts'
import {
  body,
  bullets,
  button,
  columns,
  details,
  errorSummary,
  type FieldFault,
  fileInput,
  form,
  heading,
  lead,
  link,
  mono,
  summaryList,
  textInput,
} from '#web/components/index.ts'
import type { PageContext } from '#web/context.ts'
import { showInstant } from '#web/format.ts'
import { type Html, html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type OpenTextKey, openTexts } from '../texts.ts'

const textsOf =
  ({ language }: PageContext) =>
  (key: OpenTextKey, facts: Record<string, string | number> = {}) =>
    say(openTexts, key, language, facts)

export interface VerifyForm {
  code: string
  folio: string
  faults: FieldFault[]
}

export function verifyPage(context: PageContext, { code, folio, faults }: VerifyForm): Page {
  const t = textsOf(context)
  const { language, csrf } = context
  const faultAt = (field: string) => {
    const error = faults.find((fault) => fault.field === field)?.message
    return error ? { error } : {}
  }
  return {
    title: t('verify.title'),
    failed: faults.length > 0,
    body: columns(
      html`${errorSummary(language, faults)}${heading(t('verify.title'))}${lead(t('verify.lead'))}
${form(csrf, '/verificar', html`${fileInput(language, { name: 'archivo', label: t('verify.file'), hint: t('verify.file.hint'), accept: '.pdf,.asice,.p7m,.p7s,.tst,.tsr,.cer,.pem,application/pdf,application/vnd.etsi.asic-e+zip', ...faultAt('archivo') })}${button({ label: t('verify.go') })}`, { files: true })}
${heading(t('verify.code.title'), 'm', 2)}
${form(
  csrf,
  '/verificar/codigo',
  html`${textInput(language, { name: 'codigo', label: t('verify.code'), hint: t('verify.code.hint'), value: code, width: 20, spellcheck: false, ...faultAt('codigo') })}
${textInput(language, { name: 'folio', label: t('verify.folio'), hint: t('verify.folio.hint'), value: folio, width: 20, spellcheck: false, ...faultAt('folio') })}
${button({ label: t('verify.code.go'), kind: 'secondary' })}`,
)}`,
      html`${heading(t('verify.offline'), 's', 2)}${body(t('verify.offline.body'))}`,
    ),
  }
}

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
  // Anyone with an e.firma can sign anything: that alone does not make it an official document.
  const foreign =
    sound && !inRecords && !explanation.findings.some(({ ofPlatform, ofInstitution }) => ofPlatform || ofInstitution)
  const title = foreign ? t('records.none.title') : told.title
  return {
    title,
    body: columns(
      html`<div class="vn-verdict ${foreign ? looks.untrusted : looks[explanation.verdict]}">${heading(title)}${lead(foreign ? t('records.none') : told.body)}${sound && inRecords && body(t('records.same'))}</div>
${original && originalPart(context, original, t)}
${explanation.findings.some(({ subIndication }) => subIndication === 'SIGNED_DATA_NOT_FOUND') && contentPart(context, t)}
${told.signatures.length > 0 && html`${heading(t('signatures'), 'm', 2)}${bullets(told.signatures.map((each) => signatureLine(each, t)))}`}
${told.proves.length > 0 && html`${heading(t('proves'), 'm', 2)}${bullets(told.proves)}`}
${told.doesNotProve.length > 0 && html`${heading(t('does-not-prove'), 'm', 2)}${bullets(told.doesNotProve)}`}
${explanation.inside && insidePart(context, explanation.inside, t)}
${details(t('details'), technical(context, explanation, t))}
${carried && reportPart(context, carried, t)}
<p class="govuk-body">${link('/verificar', t('another'))}</p>`,
    ),
  }
}

type Say = ReturnType<typeof textsOf>

function originalPart(context: PageContext, { code, folio, title }: Original, t: Say): Html {
  return html`${heading(t('original.title'), 'm', 2)}${body(`${title}. ${t('original.body')}`)}${form(context.csrf, '/verificar/original', html`<input type="hidden" name="codigo" value="${code}"><input type="hidden" name="folio" value="${folio}">${button({ label: t('original.download') })}`)}`
}

/** The mark is said in words too: it does not rest on its shape or colour. */
function signatureLine({ mark, who, line }: ToldSignature, t: Say): Html {
  return html`<span class="vn-mark vn-mark--${mark}" aria-hidden="true">${t(`mark.${mark}`)}</span> <strong>${who}</strong>: ${line}`
}

/** A signature in a file of its own is judged with what it is over; nothing was kept, so both are brought. */
function contentPart({ csrf, language }: PageContext, t: Say): Html {
  return html`${heading(t('content'), 'm', 2)}${form(csrf, '/verificar', html`${fileInput(language, { name: 'archivo', label: t('content.signature') })}${fileInput(language, { name: 'contenido', label: t('content.content') })}${button({ label: t('verify.go') })}`, { files: true })}`
}

function reportPart({ csrf }: PageContext, carried: string, t: Say): Html {
  return html`${heading(t('report'), 'm', 2)}${body(t('report.body'))}${form(csrf, '/verificar/informe', html`<input type="hidden" name="informe" value="${carried}">${button({ label: t('report.download'), kind: 'secondary' })}`)}`
}

function insidePart({ language }: PageContext, inside: NonNullable<Explanation['inside']>, t: Say): Html {
  return html`${heading(t('inside'), 'm', 2)}${bullets(inside.map(({ name, verdict }) => html`${mono(name)} <span class="vn-quiet">${tellVerdict(verdict, language)}</span>`))}`
}

function technical(context: PageContext, { sha256, issued, folio, findings, log, inside }: Explanation, t: Say): Html {
  const about = [
    { key: t('digest'), value: mono(sha256) },
    ...(issued ? [{ key: t('digest.issued'), value: mono(issued.sha256) }] : []),
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
  const { name, anchor, level, indication, subIndication, reason, modifications, modificationReasons, claimedTime } =
    finding
  const said = claimedTime ? `, ${showInstant(claimedTime, context)}` : ''
  return [
    { key: t('by'), value: `${name ?? '?'}${said}` },
    ...(anchor ? [{ key: t('anchor'), value: `${anchor.name}${anchor.demo ? ' (demo)' : ''}` }] : []),
    ...(level === 'none' ? [] : [{ key: t('level'), value: `${family} ${level}` }]),
    {
      key: t('result'),
      value: html`${mono([indication, subIndication].filter(Boolean).join(' '))}<br><span lang="en">${reason}</span>`,
    },
    {
      key: t('changes'),
      value: html`${t(`changes.${modifications}`)}${modificationReasons.length > 0 && html`<br>${modificationReasons.map((each) => tellChange(each, context.language)).join(' ')}`}`,
    },
  ]
}
