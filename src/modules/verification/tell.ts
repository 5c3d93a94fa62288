import { type Language, say } from '#kernel/texts.ts'
import type { Explanation, Verdict } from './explanation.ts'
import { type VerdictTextKey, verdictTexts } from './texts.ts'

export interface Told {
  title: string
  body: string
  proves: string[]
  doesNotProve: string[]
}

const bodies: Partial<Record<string, VerdictTextKey>> = {
  encrypted: 'unreadable.encrypted',
  'too-large': 'unreadable.too-large',
  'too-deep': 'unreadable.too-large',
}

/** Acts that a public servant signs with their own e.firma. */
const isServants = (kind: string | undefined): boolean => ['decision', 'prevention', 'role'].includes(kind ?? '')

export const tellVerdict = (verdict: Verdict, language: Language): string =>
  say(verdictTexts, `${verdict}.title`, language)

/** The explanation in plain words. @param instant how this reader's instants are written */
export function tell(explanation: Explanation, language: Language, instant: (at: Date) => string): Told {
  const t = (key: keyof typeof verdictTexts, facts: Record<string, string | number> = {}) =>
    say(verdictTexts, key, language, facts)
  const { verdict, findings, log, demo, kind, problem } = explanation
  const title = t(`${verdict}.title`)
  const body = t((verdict === 'unreadable' && bodies[problem ?? 'broken']) || `${verdict}.body`)
  if (verdict !== 'sound') return { title, body, proves: [], doesNotProve: [] }
  const proves = findings.map(({ kind, name = '', forCompany, timestamp }) => {
    if (kind === 'timestamp') return t('proves.timestamp', { at: timestamp ? instant(timestamp) : '' })
    return kind === 'seal'
      ? t('proves.sealed', { name })
      : t(forCompany ? 'proves.signed-for' : 'proves.signed', { name })
  })
  const stamped = findings.find(({ timestamp, kind }) => timestamp && kind !== 'timestamp')?.timestamp
  if (stamped) proves.push(t('proves.timestamp', { at: instant(stamped) }))
  if (log?.indication === 'PASSED') proves.push(t('proves.log', { origin: log.origin ?? '', index: log.index ?? 0 }))
  const claimed = findings.find(({ timestamp, claimedTime }) => !timestamp && claimedTime)?.claimedTime
  const doesNotProve = [
    ...(claimed ? [t('not.time', { at: instant(claimed) })] : []),
    t('not.truth'),
    ...(isServants(kind) && !findings.some(({ ofPlatform, ofInstitution }) => ofPlatform || ofInstitution)
      ? [t('not.office')]
      : []),
    t('not.revocation'),
    t('not.superseded'),
    ...(log?.indication === 'PASSED' ? [] : [t('not.log')]),
    ...(demo ? [t('not.demo')] : []),
  ]
  return { title, body, proves, doesNotProve }
}
