import { type Language, say } from '#kernel/texts.ts'
import { type Block, heading, type OfficialDocument, paragraph, rows, small, strong } from '#modules/documents/index.ts'
import type { ReportJson } from '#trust/validation/report-json.ts'
import type { Explanation } from './explanation.ts'
import { checkTexts, formatNames, reportTexts } from './report-texts.ts'
import { tell, tellChanges } from './tell.ts'
import { tellInside } from './tell-inside.ts'

export interface ReportFrame {
  language: Language
  /** Who says it: whose seal goes under it. */
  institution: string
  /** As whoever asked names the file; nothing is believed of it. */
  fileName: string
  /** How this reader's instants are written. */
  instant: (at: Date) => string
}

type Signature = ReportJson['signatures'][number]
type Say = (key: keyof typeof reportTexts, facts?: Record<string, string | number>) => string

const LONGEST_NAME = 120
/** More are in the data; paper is for people. */
const MOST_SHOWN = 20

/** What was found out about a file, as a document to be sealed: one sentence and a list, then each check with its result. */
export function writeReport(explanation: Explanation, frame: ReportFrame): OfficialDocument {
  const { language, institution, fileName, instant } = frame
  const t: Say = (key, facts = {}) => say(reportTexts, key, language, facts)
  const told = tell(explanation, language, instant)
  const { report, sha256, sound, trusted, format, verdict, inside = [] } = explanation
  const yes = (is: boolean): string => t(is ? 'yes' : 'no')
  const list = (key: Parameters<Say>[0], items: string[]): Block[] =>
    items.length > 0 ? [heading(t(key)), { kind: 'list', items: items.slice(0, MOST_SHOWN) }] : []
  const blocks: Block[] = [
    strong(told.title),
    paragraph(told.body),
    rows([
      [t('file'), fileName.slice(0, LONGEST_NAME)],
      [t('sha256'), sha256],
      [t('format'), formatNames[format]],
      [t('at'), report && instant(new Date(report.validatedAt))],
      [t('sound'), yes(sound)],
      [t('trusted'), yes(trusted)],
    ]),
    ...list(
      'signatures',
      told.signatures.map(({ who, line }) => `${who}: ${line}`),
    ),
    ...list('changes', tellChanges(explanation, language)),
    ...list(
      'inside',
      inside.map(({ name, verdict: each }) => `${name}: ${tellInside(each, language)}`),
    ),
    ...list('proves', told.proves),
    ...list('does-not-prove', told.doesNotProve),
    ...(report?.signatures ?? []).slice(0, MOST_SHOWN).flatMap((each) => technical(each, frame, t)),
    small(t('closing')),
  ]
  const data = { format: 'ventanilla validation-report 1', verdict, sha256, report: report ?? null }
  return { kind: 'validation-report', language, title: t('title'), institution, unkept: true, blocks, data }
}

function technical(signature: Signature, { language, instant }: ReportFrame, t: Say): Block[] {
  const { signer, anchor, indication, subIndication, level, bestSignatureTime, checks, proofs } = signature
  const told = checks.map(({ name, result, evidence }): [string, string] => [
    say(checkTexts, name, language),
    `${t(result)}${evidence.length > 0 ? `, ${t(evidence.length === 1 ? 'evidence.one' : 'evidence', { count: evidence.length })}` : ''}`,
  ])
  return [
    heading(`${t('technical')}: ${signer?.name ?? '?'}`),
    rows([
      [t('result'), [indication, subIndication].filter(Boolean).join(' ')],
      [t('level'), level === 'none' ? undefined : level],
      [t('certificate'), signer ? t('certificate.value', signer) : undefined],
      [
        t('anchor'),
        anchor
          ? t(anchor.demo ? 'anchor.demo' : 'anchor.value', { name: anchor.name, sha256: anchor.sha256 })
          : undefined,
      ],
      [t('best'), proofs.length > 0 ? instant(new Date(bestSignatureTime)) : undefined],
      ...told,
    ]),
  ]
}
