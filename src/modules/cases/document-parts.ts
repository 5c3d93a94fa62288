import { fill, type Language, say } from '#kernel/texts.ts'
import type { Institution } from '#modules/catalogue/index.ts'
import { type Block, type OfficialDocument, rows } from '#modules/documents/index.ts'
import type { LogEvidence, OnlineFicha } from './case-parts.ts'
import type { Applicant } from './case-record.ts'
import { type DocumentWord, documentWords } from './document-texts.ts'

/** How instants and days are written in a document: by the zone of the regime. */
export interface Writing {
  language: Language
  day(at: Date | string): string
  instant(at: Date): string
  money(cents: number, currency: string): string
}

export const words =
  (language: Language) =>
  (key: DocumentWord, facts: Record<string, string | number> = {}) =>
    say(documentWords, key, language, facts)

/** A digest as it is read aloud and compared: eight groups of eight. */
export const inGroups = (hex: string): string => hex.replace(/.{8}(?=.)/g, '$& ')

export interface Common {
  ficha: OnlineFicha
  institution: Institution
  writing: Writing
}

export function frame({
  ficha,
  institution,
  writing,
}: Common): Pick<OfficialDocument, 'institution' | 'unit' | 'language'> {
  return {
    institution: institution.head[writing.language],
    unit: ficha.unit[writing.language],
    language: writing.language,
  }
}

export function applicantRows(applicant: Applicant, language: Language): Block {
  const t = words(language)
  const { representative } = applicant
  const signs = representative
    ? [representative.name, representative.rfc, representative.curp].filter(Boolean).join(' · ')
    : null
  return rows([
    [t('name'), applicant.name],
    [t('rfc'), applicant.rfc],
    [t('curp'), applicant.curp],
    [t('representative'), signs],
  ])
}

/** The evidence that goes inside a document: the proof, and what opens the commitment. */
export function logParts(log: LogEvidence): OfficialDocument['attachments'] {
  return [
    {
      name: 'log-proof.txt',
      type: 'text/plain',
      bytes: Buffer.from(log.proof),
      relationship: 'supplement',
      description: 'C2SP tlog-proof',
    },
    {
      name: 'log-entry.json',
      type: 'application/json',
      bytes: Buffer.from(log.entry),
      relationship: 'supplement',
      description: 'the entry as it stands in the log',
    },
    {
      name: 'log-record.json',
      type: 'application/json',
      bytes: Buffer.from(JSON.stringify({ salt: log.salt, record: log.record })),
      relationship: 'supplement',
      description: 'salt and record of the entry',
    },
  ]
}

export function appealText({ appeal }: OnlineFicha, language: Language): string {
  return fill(documentWords['appeal.text'][language], {
    name: appeal.name[language],
    before: appeal.before[language],
    days: appeal.days,
    basis: appeal.legalBasis[language],
  })
}
