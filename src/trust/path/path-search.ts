import type { KeyObject } from 'node:crypto'
import { CertificateError } from '#trust/certificate/errors.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { type SignatureVerdict, verifyByCertificate, verifySignature } from '#trust/certificate/verify-signature.ts'
import { checkStatus, type RevocationSources } from '#trust/revocation/check-revocation.ts'
import type { RevocationReport, RevocationRules, Signed, Signers } from '#trust/revocation/report.ts'
import { type AuthorityPool, findPaths, poolAuthorities, type SearchNotes } from './find-paths.ts'
import type { PathCache } from './path-cache.ts'
import {
  addAuthority,
  beginPath,
  endPath,
  inheritsParameters,
  type PathState,
  type PolicyInput,
  type StateRules,
} from './path-state.ts'
import { type Failure, isFailure, type PathReport } from './report.ts'
import { tellNoPath, tellPassed, tellRejected } from './tell.ts'
import { boundInWords, type WorkBounds, WorkBudget } from './work-bounds.ts'

export interface SearchInput extends Omit<RevocationRules, 'strict'> {
  anchors: readonly Certificate[]
  others: readonly Certificate[]
  sources: RevocationSources
  revocation?: 'none' | 'require' | 'require-leaf'
  profile?: 'lenient' | 'strict'
  pinnedAnchors?: ReadonlySet<string>
  policy?: PolicyInput
  bounds?: Partial<WorkBounds>
  elapsed?: () => number
  cache: PathCache
}

const DEEPEST_SIGNER = 3

type Mode = NonNullable<SearchInput['revocation']>
type Statuses = PathReport['revocation']

/** One question: the search for a path, and for the paths of those who signed lists, under one budget. */
export class PathSearch {
  private readonly input: SearchInput
  private readonly pool: AuthorityPool
  private readonly notes: SearchNotes
  /** Keys that took their parameters from their issuer's. */
  private readonly inheritedKeys = new Map<Certificate, KeyObject>()
  /** Signers of lists that are being looked at, so that none vouches for itself unasked. */
  private readonly busy = new Set<string>()
  private readonly trustedSigners = new Set<string>()

  constructor(input: SearchInput) {
    this.input = input
    this.pool = poolAuthorities(input.anchors, input.others)
    this.notes = { work: new WorkBudget(input.bounds, input.elapsed), weakLinks: 0, wrongKeys: 0 }
  }

  check(certificate: Certificate): PathReport {
    let best: { chain: Certificate[]; failure: Failure; statuses: Statuses } | undefined
    for (const chain of findPaths(certificate, this.pool, this.notes, this.verifyLink)) {
      const statuses: Statuses = []
      const failure = this.naming(this.judge(chain, this.input.revocation ?? 'require', statuses))
      if (!failure) return tellPassed(chain, statuses)
      if (!best || rankOf(failure) > rankOf(best.failure)) best = { chain, failure, statuses }
    }
    return best ? tellRejected(best.chain, best.failure, best.statuses) : tellNoPath(certificate, this.pool, this.notes)
  }

  /** A status that is not known because the work ended names the bound, not the source. */
  private naming(failure: Failure | undefined): Failure | undefined {
    const { ended } = this.notes.work
    if (failure?.subIndication !== 'TRY_LATER' || !ended || ended.bound === 'depth') return failure
    return { ...failure, reason: `${failure.reason} ${boundInWords(ended)}`, bound: ended.bound }
  }

  /** A chain whose signatures hold: structure, dates, then revocation from the anchor down. */
  private judge(chain: Certificate[], mode: Mode, statuses: Statuses): Failure | undefined {
    return this.judgeStructure(chain) ?? this.judgeDates(chain) ?? this.judgeRevocation(chain, mode, statuses)
  }

  private judgeStructure(chain: Certificate[]): Failure | undefined {
    const { allowLegacyAlgorithms, policy = {} } = this.input
    const rules: StateRules = { allowLegacyAlgorithms, strict: this.isStrict(chain), policy }
    let id = JSON.stringify(rules)
    let state: PathState | undefined
    for (const [i, certificate] of chain.entries()) {
      const above = state
      if (above && !this.holdsInherited(chain[i - 1]!, certificate, above)) return WRONG_SIGNATURE
      if (above && i === chain.length - 1) return endPath(above, certificate, rules)
      id += ` ${certificate.sha256}`
      let failure: Failure | undefined
      state = this.input.cache.state(id, () => {
        const next = above ? addAuthority(above, certificate, rules) : beginPath(certificate, rules)
        if (!isFailure(next)) return next
        failure = next
        return undefined
      })
      if (!state) return failure
      if (state.key && inheritsParameters(certificate)) this.inheritedKeys.set(certificate, state.key)
    }
    return WRONG_SIGNATURE
  }

  private isStrict([anchor]: Certificate[]): boolean {
    return this.input.profile === 'strict' && !this.input.pinnedAnchors?.has(anchor!.sha256)
  }

  /** The link that could not be verified while searching upwards, for want of the issuer's parameters. */
  private holdsInherited(issuer: Certificate, child: Certificate, { key }: PathState): boolean {
    if (!inheritsParameters(issuer)) return true
    if (!key) return false
    return verifySignature(child.signatureAlgorithm, key, child.tbs, child.signature, this.input) === 'valid'
  }

  private judgeDates(chain: Certificate[]): Failure | undefined {
    const at = this.input.at.getTime()
    const what = (each: Certificate): string => (each === chain.at(-1) ? 'The certificate' : 'An authority in the path')
    for (const each of chain.toReversed()) {
      if (at < each.notBefore.getTime())
        return { check: 'validity', subIndication: 'NOT_YET_VALID', reason: `${what(each)} is not valid yet.` }
      if (!(at <= each.notAfter.getTime()))
        return { check: 'validity', subIndication: 'OUT_OF_BOUNDS_NO_POE', reason: `${what(each)} has expired.` }
    }
    return undefined
  }

  private judgeRevocation(chain: Certificate[], mode: Mode, statuses: Statuses): Failure | undefined {
    if (mode === 'none') return undefined
    const first = mode === 'require' ? 1 : chain.length - 1
    for (let i = first; i < chain.length; i++) {
      const certificate = chain[i]!
      const rules: RevocationRules = { ...this.input, strict: this.isStrict(chain) }
      const report = checkStatus(
        certificate,
        chain[i - 1]!,
        this.input.sources,
        rules,
        this.signersFor(chain.slice(0, i), mode),
      )
      statuses.push({ certificate, report })
      const failure = failureOf(report, i === chain.length - 1) ?? this.unfinished()
      if (failure) return failure
    }
    return undefined
  }

  /** Nothing is good while something at hand was not looked at: stuffing must not hide what says revoked. */
  private unfinished(): Failure | undefined {
    const { ended } = this.notes.work
    if (!ended || ended.bound === 'depth') return undefined
    return {
      check: 'revocation',
      subIndication: 'TRY_LATER',
      reason: 'Whether a certificate was revoked is not known.',
    }
  }

  private signersFor(prefix: Certificate[], mode: Mode): Signers {
    const trusted = new Set(prefix.map(({ sha256 }) => sha256))
    return {
      named: (name) => this.pool.bySubject.get(name.key) ?? [],
      // One outside the path must say that it signs lists: anyone may be certified under a name that resembles.
      isTrusted: (candidate) =>
        trusted.has(candidate.sha256) ||
        (candidate.keyUsage?.has('cRLSign') === true && this.trustsSigner(candidate, prefix, mode)),
      verify: this.verifySigned,
    }
  }

  /** A path to the same anchor (RFC 5280, 6.3.3 f), its own status included where every status is asked for. */
  private trustsSigner(candidate: Certificate, prefix: Certificate[], mode: Mode): boolean {
    const [anchor, issuer] = [prefix[0]!, prefix.at(-1)!]
    const id = `${candidate.sha256} ${anchor.sha256} ${issuer.sha256}`
    if (this.trustedSigners.has(id)) return true
    if (this.busy.has(id)) return speaksForItself(candidate)
    if (this.busy.size >= DEEPEST_SIGNER) return false
    this.busy.add(id)
    try {
      const pool = { ...this.pool, anchors: new Set([anchor]) }
      for (const chain of findPaths(candidate, pool, this.notes, this.verifyLink)) {
        if (takesNameFromElsewhere(chain, prefix)) continue
        if (this.judge(chain, mode === 'require' ? 'require' : 'none', [])) continue
        this.trustedSigners.add(id)
        return true
      }
      return false
    } finally {
      this.busy.delete(id)
    }
  }

  private readonly verifyLink = (child: Certificate, issuer: Certificate): SignatureVerdict => {
    // Judged on the way down, when the parameters are known.
    if (inheritsParameters(issuer)) return 'valid'
    return this.input.cache.signature(this.signatureId(child, issuer), () => this.verifyWith(issuer, child))
  }

  private readonly verifySigned = (item: Signed, signer: Certificate): SignatureVerdict => {
    if (!this.notes.work.takeNode()) return 'unsupported'
    return this.input.cache.signature(this.signatureId(item, signer), () => this.verifyWith(signer, item))
  }

  private signatureId(item: Signed, signer: Certificate): string {
    const legacy = this.input.allowLegacyAlgorithms ? 'legacy ' : ''
    const inherited = inheritsParameters(signer)
      ? `${this.inheritedKeys.get(signer)?.export({ format: 'der', type: 'spki' }).toString('hex')} `
      : ''
    return `${legacy}${inherited}${item.sha256} ${signer.sha256}`
  }

  private verifyWith(signer: Certificate, item: Signed): SignatureVerdict {
    try {
      const { signatureAlgorithm, tbs, signature } = item
      const inherited = this.inheritedKeys.get(signer)
      return inherited
        ? verifySignature(signatureAlgorithm, inherited, tbs, signature, this.input)
        : verifyByCertificate(signatureAlgorithm, signer, tbs, signature, this.input)
    } catch (error) {
      if (error instanceof CertificateError) return 'unsupported'
      throw error
    }
  }
}

/**
 * Whether a signer of lists has the name of the issuer in question, but not from those who certified the issuer, nor from the issuer itself
 * under another of its keys: any authority under the same anchor could take its name, and call good what the issuer has revoked.
 */
function takesNameFromElsewhere(chain: Certificate[], prefix: Certificate[]): boolean {
  const { key } = prefix.at(-1)!.subject
  if (chain.at(-1)!.subject.key !== key) return false
  const ours = new Set(prefix.map(({ spki, subject }) => `${subject.key} ${spki.toString('hex')}`))
  const isOurs = ({ spki, subject }: Certificate) =>
    subject.key === key || ours.has(`${subject.key} ${spki.toString('hex')}`)
  return !chain.slice(0, -1).every(isOurs)
}

/** Whether the authority that certified a signer of lists has itself sent those who ask about the signer to the signer's own list. */
function speaksForItself({ crlDistributionPoints = [], subject }: Certificate): boolean {
  return crlDistributionPoints.some(({ cRLIssuer = [] }) =>
    cRLIssuer.some((each) => each.kind === 'directory' && each.name.key === subject.key),
  )
}

const WRONG_SIGNATURE: Failure = {
  check: 'signatures',
  subIndication: 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
  reason: 'A signature in the path does not hold.',
}

function failureOf({ status, reason, doubt }: RevocationReport, isLast: boolean): Failure | undefined {
  if (status === 'good') return undefined
  if (status === 'unknown')
    return {
      check: 'revocation',
      subIndication: 'TRY_LATER',
      reason: `Whether ${isLast ? 'the certificate' : 'an authority'} was revoked is not known. ${reason}`,
      doubt,
    }
  return {
    check: 'revocation',
    subIndication: isLast ? 'REVOKED' : 'REVOKED_CA_NO_POE',
    reason: isLast ? reason : 'An authority in the path was revoked.',
  }
}

/** Of several paths that fail, the one that came furthest tells most. */
function rankOf({ check, subIndication }: Failure): number {
  if (check === 'revocation') return subIndication === 'TRY_LATER' ? 3 : 4
  return check === 'validity' ? 2 : 1
}
