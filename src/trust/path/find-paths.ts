import { sameName } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import type { SignatureVerdict } from '#trust/certificate/verify-signature.ts'
import type { WorkBudget } from './work-bounds.ts'

/** Authorities by the name of their subject, the anchors among them. */
export interface AuthorityPool {
  bySubject: ReadonlyMap<string, readonly Certificate[]>
  anchors: ReadonlySet<Certificate>
}

export function poolAuthorities(anchors: readonly Certificate[], others: readonly Certificate[]): AuthorityPool {
  const bySubject = new Map<string, Certificate[]>()
  const anchorPrints = new Set(anchors.map(({ sha256 }) => sha256))
  const seen = new Set<string>()
  for (const each of [...anchors, ...others]) {
    if (seen.has(each.sha256)) continue
    seen.add(each.sha256)
    const same = bySubject.get(each.subject.key)
    if (same) same.push(each)
    else bySubject.set(each.subject.key, [each])
  }
  return { bySubject, anchors: new Set(anchors.filter((each) => anchorPrints.delete(each.sha256))) }
}

/** What a search has met, for the telling. */
export interface SearchNotes {
  work: WorkBudget
  /** Links whose signature could not be judged, by the reason. */
  weakLinks: number
  /** Authorities of the right name whose key did not verify. */
  wrongKeys: number
}

/**
 * Every chain from an anchor to `certificate` whose signatures hold, one after the other, the anchor first. Of authorities with the
 * same name each is tried by its key; identifiers of keys only decide who goes first.
 */
export function* findPaths(
  certificate: Certificate,
  pool: AuthorityPool,
  notes: SearchNotes,
  verify: (child: Certificate, issuer: Certificate) => SignatureVerdict,
): Generator<Certificate[]> {
  yield* extend([certificate])

  function* extend(chain: Certificate[]): Generator<Certificate[]> {
    const last = chain[0]!
    for (const candidate of candidatesFor(last, pool)) {
      if (chain.some((each) => isSameAuthority(each, candidate))) continue
      const isAnchor = pool.anchors.has(candidate)
      if (!isAnchor && !notes.work.allowsDepth(chain.length)) continue
      if (!notes.work.takeNode()) return
      const verdict = verify(last, candidate)
      if (verdict === 'valid') {
        if (isAnchor) {
          notes.work.takePath()
          yield [candidate, ...chain]
        } else yield* extend([candidate, ...chain])
      } else if (verdict === 'invalid') notes.wrongKeys++
      else notes.weakLinks++
    }
  }
}

const isSameAuthority = (a: Certificate, b: Certificate): boolean =>
  a.spki.equals(b.spki) && sameName(a.subject, b.subject)

function candidatesFor(child: Certificate, { bySubject, anchors }: AuthorityPool): Certificate[] {
  const keyId = child.aki?.keyId
  const rank = (each: Certificate): number => {
    const byKey = keyId && each.ski ? (each.ski.equals(keyId) ? 0 : 4) : 2
    return byKey + (anchors.has(each) ? 0 : 1)
  }
  return [...(bySubject.get(child.issuer.key) ?? [])].sort((a, b) => rank(a) - rank(b))
}
