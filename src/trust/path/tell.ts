import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { AuthorityPool, SearchNotes } from './find-paths.ts'
import { type Check, type CheckName, type Failure, indicationOf, type PathReport } from './report.ts'
import { boundInWords } from './work-bounds.ts'

const CHAIN: Check = { name: 'chain', ok: true, detail: 'A chain leads from an anchor to the certificate.' }
const SIGNATURES: Check = { name: 'signatures', ok: true, detail: 'Each certificate is signed by the one above it.' }
const STRUCTURE: Check[] = [
  { name: 'algorithms', ok: true, detail: 'Algorithms and keys are strong enough.' },
  { name: 'critical-extensions', ok: true, detail: 'Every critical extension is understood.' },
  { name: 'authorities', ok: true, detail: 'Each authority may issue what is under it.' },
  { name: 'name-constraints', ok: true, detail: 'The names are within what the authorities may certify.' },
  { name: 'policies', ok: true, detail: 'The policies required hold.' },
]
const VALIDITY: Check = { name: 'validity', ok: true, detail: 'Each certificate is valid at that time.' }

export function tellPassed(chain: Certificate[], revocation: PathReport['revocation']): PathReport {
  const detail = revocation.length > 0 ? 'Each status asked for is good.' : 'Revocation was not asked about.'
  return {
    indication: 'PASSED',
    reason: 'The certificate is valid under a trusted authority.',
    path: chain,
    anchor: chain[0],
    checks: [CHAIN, SIGNATURES, ...STRUCTURE, VALIDITY, { name: 'revocation', ok: true, detail }],
    revocation,
  }
}

export function tellRejected(chain: Certificate[], failure: Failure, revocation: PathReport['revocation']): PathReport {
  return {
    indication: indicationOf(failure.subIndication),
    subIndication: failure.subIndication,
    reason: failure.reason,
    path: chain,
    anchor: chain[0],
    checks: [...checksBefore(failure.check), { name: failure.check, ok: false, detail: failure.reason }],
    revocation,
    doubt: failure.doubt,
    bound: failure.bound,
  }
}

/** Only what was done to the end for the whole path is told as done. */
function checksBefore(failed: CheckName): Check[] {
  if (failed === 'signatures') return [CHAIN]
  if (failed === 'validity') return [CHAIN, SIGNATURES, ...STRUCTURE]
  if (failed === 'revocation') return [CHAIN, SIGNATURES, ...STRUCTURE, VALIDITY]
  return [CHAIN, SIGNATURES]
}

export function tellNoPath(certificate: Certificate, pool: AuthorityPool, notes: SearchNotes): PathReport {
  const { subIndication, reason } = explain(certificate, pool, notes)
  return {
    indication: indicationOf(subIndication),
    subIndication,
    reason,
    path: [certificate],
    checks: [{ name: 'chain', ok: false, detail: reason }],
    revocation: [],
    bound: notes.work.ended?.bound,
  }
}

function explain(
  certificate: Certificate,
  pool: AuthorityPool,
  { work, weakLinks, wrongKeys }: SearchNotes,
): Pick<Failure, 'subIndication' | 'reason'> {
  const none = (reason: string) => ({ subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' as const, reason })
  if (work.ended && work.ended.bound !== 'depth') return none(boundInWords(work.ended))
  if (weakLinks > 0)
    return {
      subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
      reason: 'A certificate in the path is signed with an algorithm or key that is not accepted.',
    }
  if (work.ended) return none(boundInWords(work.ended))
  if (!pool.bySubject.has(certificate.issuer.key))
    return none('The authority that issued the certificate is not known.')
  if (wrongKeys > 0) return none('No known authority of the name given signed the certificate or one above it.')
  return none('No chain leads from a trusted authority to the certificate.')
}
