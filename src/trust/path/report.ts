import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { RevocationDoubt, RevocationReport } from '#trust/revocation/check-revocation.ts'
import type { Bound } from './work-bounds.ts'

export type Indication = 'PASSED' | 'FAILED' | 'INDETERMINATE'

/** Terms of ETSI EN 319 102-1, 5.1.3. */
export type SubIndication =
  | 'FORMAT_FAILURE'
  | 'NO_CERTIFICATE_CHAIN_FOUND'
  | 'CERTIFICATE_CHAIN_GENERAL_FAILURE'
  | 'CHAIN_CONSTRAINTS_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE'
  | 'NOT_YET_VALID'
  | 'OUT_OF_BOUNDS_NO_POE'
  | 'REVOKED'
  | 'REVOKED_CA_NO_POE'
  | 'TRY_LATER'

export type CheckName =
  | 'format'
  | 'chain'
  | 'signatures'
  | 'algorithms'
  | 'validity'
  | 'profile'
  | 'critical-extensions'
  | 'authorities'
  | 'name-constraints'
  | 'policies'
  | 'revocation'

export interface Check {
  name: CheckName
  ok: boolean
  detail: string
}

export interface PathReport {
  indication: Indication
  /** Absent where passed. */
  subIndication?: SubIndication
  /** One sentence, without any person's name or number. */
  reason: string
  /** The anchor first, the certificate asked about last; as far as it was found. */
  path: Certificate[]
  anchor?: Certificate
  checks: Check[]
  /** Where the search was given up: the bound that it met. */
  bound?: Bound
  /** Where a status is not known: why, which sources were looked at, and what would settle it. */
  doubt?: RevocationDoubt
  /** For each certificate under the anchor whose status was asked, in the order of the path. */
  revocation: Array<{ certificate: Certificate; report: RevocationReport }>
}

export interface Failure {
  check: CheckName
  subIndication: SubIndication
  reason: string
  doubt?: RevocationDoubt
  bound?: Bound
}

/** What can be mended by more evidence or by proof of an earlier time is indeterminate; the rest has failed. */
export function indicationOf(subIndication: SubIndication): Indication {
  const failed = subIndication === 'FORMAT_FAILURE' || subIndication === 'REVOKED' || subIndication === 'NOT_YET_VALID'
  return failed ? 'FAILED' : 'INDETERMINATE'
}

export const isFailure = (value: object): value is Failure => 'subIndication' in value
