import type { Authorities } from '#modules/identity/index.ts'
import { sameName } from '#trust/certificate/name.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { readEfirma } from '#trust/efirma/read-efirma.ts'
import type { ExamineTrust } from '#trust/validation/examine.ts'
import type { SignedFile } from '#trust/validation/signed-file.ts'
import { bearsNameOfSeal, PLATFORM, sealInUse } from './known-seals.ts'
import type { TrustedHere } from './trusted-here.ts'

/**
 * Whom this installation believes, in the words of an examination. Of whom nothing is known about revocation passes, and the report says so:
 * offline nobody can be asked.
 * @param existed the log's signed checkpoint covers this act: it was there when it says
 */
export function believe(trusted: TrustedHere, at: Date, existed: boolean): ExamineTrust {
  const { authorities, seals, log } = trusted
  return {
    trustAnchors: authorities.filter(({ anchor }) => anchor).map(({ certificate }) => certificate),
    intermediates: authorities.filter(({ anchor }) => !anchor).map(({ certificate }) => certificate),
    // An authority of time that somebody added here needs nobody to answer for it.
    trusted: new Set(authorities.filter(({ certificate }) => stampsTime(certificate)).map(({ sha256 }) => sha256)),
    knowsSigner: (signer, times) => sealInUse(signer, seals, times) !== undefined,
    // Also where an authority answers for it: that the key is lost is known here first.
    isWithdrawn: (signer, times) =>
      seals.some(({ certificate }) => certificate.sha256 === signer.sha256) && !sealInUse(signer, seals, times),
    isDemo: (certificate) => isOfDemo(certificate, authorities),
    existenceOf: ({ facts: { signer, claimedTime } }) => {
      if (!signer || !claimedTime || isInForce(signer, at)) return undefined
      // The log's proof is the seal's to vouch for: anyone can copy it into a file of their own.
      if (existed && isOfPlatform(signer, trusted, claimedTime)) return { time: claimedTime, by: 'log' }
      return isOfDemo(signer, authorities) ? { time: claimedTime, by: 'clock' } : undefined
    },
    log,
    revocation: 'if-known',
  }
}

/** A demo has a clock of its own: what rests on it is judged no earlier than it says to be made. */
export function timeOfDemo({ signatures }: SignedFile, { authorities }: TrustedHere, now: Date): Date {
  const times = signatures.flatMap(({ facts, stamp }) =>
    [
      facts,
      ...facts.timestamps.map(({ report }) => ({ signer: report.signer, claimedTime: report.time })),
      stamp?.report,
    ]
      .filter((each) => each?.signer && isOfDemo(each.signer, authorities))
      .map((each) => (each && 'time' in each ? each.time : each?.claimedTime)),
  )
  return new Date(Math.max(now.getTime(), ...times.flatMap((time) => time?.getTime() ?? [])))
}

function isOfPlatform(signer: Certificate, { seals }: TrustedHere, claimed: Date): boolean {
  const seal = sealInUse(signer, seals, { proven: undefined, claimed })
  if (seal) return seal.holder === PLATFORM
  return !readEfirma(signer) && bearsNameOfSeal(signer, seals)
}

const isInForce = ({ notBefore, notAfter }: Certificate, at: Date): boolean => at >= notBefore && at <= notAfter

const isOfDemo = ({ issuer }: Certificate, authorities: Authorities): boolean =>
  authorities.some(({ source, certificate }) => source === 'demo' && sameName(certificate.subject, issuer))

const stampsTime = ({ extendedKeyUsage, basicConstraints }: Certificate): boolean =>
  extendedKeyUsage?.has(OID.timeStamping) === true && !basicConstraints?.ca
