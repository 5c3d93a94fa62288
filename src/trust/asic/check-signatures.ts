import { type CadesSignature, cadesFacts } from '#trust/cades/cades-facts.ts'
import { noData } from '#trust/validation/facts.ts'
import type { AsicSignature, References } from './asic-report.ts'
import type { CheckedManifest } from './check-references.ts'
import { isTimestamp } from './check-timestamps.ts'
import { AsicError } from './errors.ts'
import type { Container } from './open-container.ts'

/** Of all the messages together: their signers, and their bytes, also where several manifests refer to one. */
const MOST_SIGNERS = 200
const MOST_BYTES = 64 * 1024 * 1024

/** Every signer of every message, with the manifest that it is over; also those that hold of nothing. Throws AsicError `too-large`. */
export function checkSignatures(container: Container, manifests: readonly CheckedManifest[]): AsicSignature[] {
  const signed = manifests.filter((each) => !isTimestamp(each))
  const referred = new Set(signed.map(({ signature }) => signature))
  const orphans = container.signatures.filter(({ name }) => !referred.has(name))
  const found: AsicSignature[] = []
  let bytes = 0
  for (const manifest of signed) {
    bytes += container.entries.get(manifest.signature)?.size ?? 0
    if (bytes > MOST_BYTES) throw tooMuch()
    found.push(...checkMessage(container, manifest))
    if (found.length > MOST_SIGNERS) throw tooMuch()
  }
  return [...found, ...orphans.map(({ name }) => unreadable(name, undefined, 'no manifest refers to the signature'))]
}

const tooMuch = () => new AsicError('too-large', 'the container has more signatures than are read')

function checkMessage({ entries }: Container, manifest: CheckedManifest): AsicSignature[] {
  const { entry, bytes, references, signature: file } = manifest
  const refuse = (detail: string) => [unreadable(file, entry.name, detail, references)]
  const message = entries.get(file)
  if (!message) return refuse('the signature that a manifest refers to is missing')
  if (!/\.p7s$/i.test(file)) return refuse('a kind of signature that is not read')
  const { error, signatures, evidence } = cadesFacts(message.read(), bytes, { maxBytes: MOST_BYTES })
  if (error || signatures.length === 0) return refuse('the message is not one of CMS that somebody signed')
  const { check, ...referred } = references
  return signatures.map(({ facts, checks, level, unread }) => {
    const sound = facts.sound && check.ok
    const failure = facts.failure ?? (check.ok ? undefined : 'HASH_FAILURE')
    return {
      ...referred,
      facts: { ...facts, sound, failure },
      checks: [...checks, check],
      level: sound ? level : 'none',
      unread,
      evidence,
      file,
      manifest: entry.name,
    }
  })
}

const NOTHING: Omit<References, 'check'> = { covers: [], missing: [], changed: [] }

/** A signature of which nothing can be told, and why. */
function unreadable(
  file: string,
  manifest: string | undefined,
  detail: string,
  references?: References,
): AsicSignature {
  const { check: _, ...referred } = references ?? { check: undefined, ...NOTHING }
  const facts: CadesSignature['facts'] = {
    sound: false,
    failure: 'FORMAT_FAILURE',
    signer: undefined,
    certificates: [],
    claimedTime: undefined,
    timestamps: [],
  }
  const checks = [{ name: 'format' as const, ok: false, detail }]
  return { ...referred, facts, checks, level: 'none', unread: [], evidence: noData(), file, manifest }
}
