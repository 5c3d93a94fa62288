import { type Language, say } from '#kernel/texts.ts'
import { issuerFolders, loadAuthorities, openDataGatherer, readRevocationSources } from '#modules/identity/index.ts'
import { askAuthority, NoStamp, plainSource } from '#modules/timestamping/index.ts'
import type { Certificate } from '#trust/certificate/parse-certificate.ts'
import { certificateOrNone } from '#trust/certificate/parse-certificate.ts'
import { verifyToken } from '#trust/timestamp/verify-token.ts'
import { joinData, noData, type ValidationData } from '#trust/validation/facts.ts'
import { NetworkFault } from '../client/shop.ts'
import { dataDir, packDir } from '../reach-database.ts'
import { tellTimestampReason, timestampTexts } from '../timestamp-texts.ts'
import { refuseSigning } from './texts.ts'

/** What comes over the network, and all that does. */
export interface SigningSources {
  /** A token of the authority that was named. @throws NetworkFault */
  timestamp(digest: Buffer): Promise<Uint8Array>
  /** About the signer and everybody who stamped since, from the table of sources only. @throws Refusal, NetworkFault */
  validationData(): Promise<ValidationData>
}

interface SourcesParts {
  /** Absent: nothing is asked over any network. */
  tsa: string | undefined
  signer: Certificate
  /** What goes along with the signature. */
  chain: readonly Uint8Array[]
  now(): Date
  language: Language
}

interface Subject {
  /** `signer`, or `time-stamp`: no name. */
  who: string
  certificate: Certificate
  carried: readonly Certificate[]
}

/** Authorities and where to ask them: those of the installation whose `DATA_DIR` this is; addresses in certificates are never followed. */
export function openSources({ tsa, signer, chain, now, language }: SourcesParts): SigningSources {
  const subjects = new Map<string, Subject>()
  const remember = (subject: Subject) => subjects.set(subject.certificate.sha256, subject)
  remember({ who: WHO.signer[language], certificate: signer, carried: chain.flatMap(certificateOrNone) })
  let gather: ((subject: Subject) => Promise<ValidationData>) | undefined
  return {
    async timestamp(digest) {
      if (tsa === undefined) throw new TypeError('no authority of time was named')
      // Whose clock is right, this machine's or the authority's, is for whoever verifies.
      const token = await askAuthority(plainSource(tsa), digest, { authorities: [], now: undefined }).catch((error) => {
        const told = error instanceof NoStamp ? tellTimestampReason(error.message, language) : undefined
        const reason = told ?? say(timestampTexts, 'silent', language)
        throw new NetworkFault(say(timestampTexts, 'no-token', language, { reason }), { cause: error })
      })
      const { timestamp } = verifyToken(Buffer.from(token), () => digest)
      if (timestamp?.signer)
        remember({ who: WHO.stamp[language], certificate: timestamp.signer, carried: timestamp.certificates })
      return token
    },
    async validationData() {
      gather ??= await openGatherer(now, language)
      let data = noData()
      for (const subject of subjects.values()) data = joinData(data, await gather(subject))
      return data
    },
  }
}

const WHO = {
  signer: { es: 'quien firma', en: 'whoever signs' },
  stamp: { es: 'quien sella el tiempo', en: 'whoever stamps the time' },
}

async function openGatherer(now: () => Date, language: Language) {
  const place = { dataDir: dataDir(), packDir: packDir() }
  let silence: unknown
  const gatherer = openDataGatherer({
    authorities: await loadAuthorities({ ...place, demo: true }),
    sources: await readRevocationSources(issuerFolders(place)),
    known: new Set(),
    demo: false,
    onSilence: (_, error) => {
      silence = error
    },
  })
  return async ({ who, certificate, carried }: Subject): Promise<ValidationData> => {
    // What is said today will do: whoever needs what is said after the signature lifts it later (docs/operate/preservation.md).
    const { data, waits } = await gatherer.gather({ certificate, carried, after: undefined }, noData(), now())
    const [wait] = waits
    if (!wait) return data
    const issuer = wait.issuer ?? ''
    if (wait.reason !== 'source-silent') throw refuseSigning(`data-${wait.reason}`, language, { who, issuer })
    throw new NetworkFault(say(timestampTexts, 'no-revocations', language, { issuer }), { cause: silence })
  }
}
