import { heading, type OfficialDocument, paragraph, rows, strong } from '#modules/documents/index.ts'
import type { CaseRecord } from './case-record.ts'

import { appealText, type Common, frame, words } from './document-parts.ts'

export interface DecisionInput extends Common {
  record: CaseRecord
  outcome: 'granted' | 'granted-in-part' | 'refused'
  reasons: string
  legalBasis: string
  signer: { name: string; post: string; competence: string; substitution?: string } | null
  at: Date
}

/** LFPA 3: authority, place and date, grounds and reasons, what is decided, who is competent, the appeal. */
export function decisionDocument({
  record,
  outcome,
  reasons,
  legalBasis,
  signer,
  at,
  ...common
}: DecisionInput): OfficialDocument {
  const { ficha, institution, writing } = common
  const { language } = writing
  const t = words(language)
  const letter = ficha.online.letters[outcome] ?? ficha.online.letters.granted
  const rule = ficha.online.workflow.rule
  return {
    kind: 'decision',
    ...frame(common),
    title: letter.title[language],
    subtitle: ficha.name[language],
    folio: record.folio,
    data: {
      format: 'ventanilla decision 1',
      folio: record.folio,
      service: { id: ficha.id, version: ficha.version },
      outcome,
      reasons,
      legalBasis,
      at: at.toISOString(),
      signer,
    },
    blocks: [
      rows([
        [t('placeAndDate'), `${institution.place[language]}, ${writing.instant(at)}`],
        [t('name'), record.applicant.name],
        [t('rfc'), record.applicant.rfc],
      ]),
      heading(t('grounds')),
      paragraph(legalBasis),
      heading(t('reasons')),
      paragraph(reasons),
      heading(t('resolves')),
      strong(`${t(outcome)}. ${letter.resolves[language]}`),
      heading(t('appeal')),
      paragraph(appealText(ficha, language)),
      ...(signer
        ? [
            heading(t('servant')),
            rows([
              [t('name'), signer.name],
              [t('authority'), signer.post],
              [t('competence'), signer.competence],
              [t('substitution'), signer.substitution ?? null],
            ]),
          ]
        : rule
          ? [
              heading(t('automatic')),
              paragraph(
                t('automatic.text', {
                  version: rule.version,
                  responsible: ficha.online.workflow.responsible[language],
                }),
              ),
            ]
          : []),
    ],
  }
}
