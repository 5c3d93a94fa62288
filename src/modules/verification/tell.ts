import { type Language, say } from '#kernel/texts.ts'
import { tellChange } from './change-texts.ts'
import type { Explanation, Finding } from './explanation.ts'
import { reasonTexts } from './reason-texts.ts'
import { type VerdictTextKey, verdictTexts } from './texts.ts'

/** What becomes of one signature, time-stamp or other thing in the file: a mark, and why. */
export interface ToldSignature {
  mark: 'good' | 'bad' | 'open'
  /** Whose it is. */
  who: string
  /** The mark in words, the time, whom it rests on; where it does not count, why and what would settle it. */
  line: string
}

export interface Told {
  title: string
  body: string
  signatures: ToldSignature[]
  proves: string[]
  doesNotProve: string[]
}

const unreadables: Record<string, VerdictTextKey> = {
  encrypted: 'unreadable.encrypted',
  'too-large': 'unreadable.too-large',
  'too-deep': 'unreadable.too-large',
}

/** Acts that a public servant signs with their own e.firma. */
const isServants = (kind: string | undefined): boolean => ['decision', 'prevention', 'role'].includes(kind ?? '')

/** Why a signature does not count, in the reader's language; undefined where it does. */
export const tellReason = ({ subIndication }: Finding, language: Language): string | undefined =>
  subIndication && say(reasonTexts, subIndication, language)

/** What was done to the file after it was signed and must not have been, each thing once. */
export const tellChanges = ({ findings }: Explanation, language: Language): string[] => [
  ...new Set(
    findings.flatMap(({ modifications, modificationReasons }) =>
      modifications === 'suspicious' ? modificationReasons.map((each) => tellChange(each, language)) : [],
    ),
  ),
]

type Say = (key: VerdictTextKey, facts?: Record<string, string | number>) => string
type Show = (at: Date) => string

/** The explanation in plain words. @param instant how this reader's instants are written */
export function tell(explanation: Explanation, language: Language, instant: Show): Told {
  const t: Say = (key, facts = {}) => say(verdictTexts, key, language, facts)
  const { verdict } = explanation
  const signatures = [
    ...explanation.findings.map((finding) => tellFinding(finding, { t, instant, language })),
    ...tellParts(explanation, t, language),
  ]
  const head = { title: t(keyOf(explanation, 'title')), body: t(keyOf(explanation, 'body')), signatures }
  if (verdict !== 'sound' || explanation.findings.length === 0) return { ...head, proves: [], doesNotProve: [] }
  return { ...head, proves: provesOf(explanation, t, instant), doesNotProve: doesNotProveOf(explanation, t, instant) }
}

/** What is no document has words of its own where they would mislead. */
function keyOf({ verdict, format, problem, findings }: Explanation, part: 'title' | 'body'): VerdictTextKey {
  if (verdict === 'unreadable' && part === 'body') return unreadables[problem ?? ''] ?? 'unreadable.body'
  const isLone = findings.some(({ subIndication }) => subIndication === 'SIGNED_DATA_NOT_FOUND')
  if (verdict === 'undetermined' && part === 'body' && isLone) return 'undetermined.content'
  const special = `${format === 'time-stamp-response' ? 'time-stamp' : format}.${verdict}.${part}`
  return special in verdictTexts ? (special as VerdictTextKey) : `${verdict}.${part}`
}

function provesOf({ findings, log }: Explanation, t: Say, instant: Show): string[] {
  const proves = findings.map(({ kind, name = '', forCompany, timestamp }) => {
    if (kind === 'timestamp') return t('proves.timestamp', { at: timestamp ? instant(timestamp) : '' })
    return kind === 'seal'
      ? t('proves.sealed', { name })
      : t(forCompany ? 'proves.signed-for' : 'proves.signed', { name })
  })
  const stamped = findings.find(({ timestamp, kind }) => timestamp && kind !== 'timestamp')?.timestamp
  if (stamped) proves.push(t('proves.timestamp', { at: instant(stamped) }))
  if (log?.indication === 'PASSED') proves.push(t('proves.log', { origin: log.origin ?? '', index: log.index ?? 0 }))
  return [...new Set(proves)]
}

function doesNotProveOf({ findings, log, demo, kind }: Explanation, t: Say, instant: Show): string[] {
  if (findings.every((finding) => finding.kind === 'timestamp'))
    return [t('not.author'), t('not.revocation'), ...(demo ? [t('not.demo')] : [])]
  const claimed = findings.find(({ timestamp, claimedTime }) => !timestamp && claimedTime)?.claimedTime
  const isOfOffice = findings.some(({ ofPlatform, ofInstitution }) => ofPlatform || ofInstitution)
  return [
    ...(claimed ? [t('not.time', { at: instant(claimed) })] : []),
    t('not.truth'),
    ...(isServants(kind) && !isOfOffice ? [t('not.office')] : []),
    t('not.revocation'),
    t('not.superseded'),
    ...(log?.indication === 'PASSED' ? [] : [t('not.log')]),
    ...(demo ? [t('not.demo')] : []),
  ]
}

function tellFinding(
  finding: Finding,
  { t, instant, language }: { t: Say; instant: Show; language: Language },
): ToldSignature {
  const { kind, name = t('unnamed'), forCompany, indication, subIndication, anchor, timestamp, claimedTime } = finding
  const isSuspect = finding.modifications === 'suspicious'
  const mark = isSuspect || indication.endsWith('FAILED') ? 'bad' : indication.endsWith('PASSED') ? 'good' : 'open'
  const who =
    kind === 'signature' && forCompany
      ? t('of.signature-for', { name, company: forCompany })
      : t(`of.${kind}`, { name })
  // One that is not as it must be, and never was, had nothing added to it.
  const isBadlyMade = !finding.sound && subIndication === 'SIG_CONSTRAINTS_FAILURE' && !isSuspect
  const reason = isBadlyMade
    ? 'FORMAT_FAILURE'
    : isSuspect && mark === 'bad' && !subIndication
      ? 'SIG_CONSTRAINTS_FAILURE'
      : subIndication
  const time = timestamp
    ? t('at.proven', { at: instant(timestamp) })
    : claimedTime && t('at.claimed', { at: instant(claimedTime) })
  const facts = [
    t(`mark.${mark}`),
    ...(time ? [time] : []),
    ...(mark === 'good' && anchor ? [backedBy(anchor, t)] : []),
  ]
  return { mark, who, line: lineOf(facts, mark === 'good' || !reason ? undefined : say(reasonTexts, reason, language)) }
}

const lineOf = (facts: string[], reason: string | undefined): string =>
  `${facts.join('; ')}.${reason === undefined ? '' : ` ${reason}`}`

const backedBy = ({ name, demo }: { name: string; demo: boolean }, t: Say): string =>
  t(demo ? 'backed.demo' : 'backed.by', { anchor: name })

function tellParts({ report }: Explanation, t: Say, language: Language): ToldSignature[] {
  return (report?.parts ?? []).map(({ kind, indication, subIndication, certificate, anchor, checkpoint }) => {
    const mark = indication === 'PASSED' ? 'good' : indication === 'FAILED' ? 'bad' : 'open'
    const who = t(`of.${kind}`, { name: certificate?.name ?? checkpoint?.origin ?? t('unnamed') })
    const facts = [t(`mark.${mark}`), ...(mark === 'good' && anchor ? [backedBy(anchor, t)] : [])]
    return { mark, who, line: lineOf(facts, subIndication ? say(reasonTexts, subIndication, language) : undefined) }
  })
}
