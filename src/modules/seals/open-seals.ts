import { StartRefusal } from '#kernel/embedded-postgres.ts'
import type { InstitutionSeal } from './institution-seals.ts'
import { openKey } from './key-source.ts'
import { openSeal, PLATFORM, type Seal, type WriteUse } from './seal.ts'
import type { SigningKey } from './signing-key.ts'

export interface Seals {
  platform: Seal
  /** An institution's own; where it has none, its acts are sealed by the platform for it. */
  of(institution: string): Seal
  all: Seal[]
  close(): Promise<void>
}

export interface SealsParts {
  platform: SigningKey
  institutions: InstitutionSeal[]
  writeUse: WriteUse
  now: Date
}

/** Every seal of an installation, ready to sign, or a reason not to start. @throws StartRefusal */
export async function openSeals({ platform, institutions, writeUse, now }: SealsParts): Promise<Seals> {
  const keys: SigningKey[] = [platform]
  const close = async () => {
    for (const key of keys) await key.close()
  }
  try {
    refuseOutOfForce(platform, 'The platform’s seal', now)
    const seals = new Map<string, Seal>()
    for (const { institution, source, file } of institutions) {
      const key = await openKey(source, file)
      keys.push(key)
      refuseOutOfForce(key, `${file}: the seal of ${institution}`, now)
      seals.set(institution, openSeal(institution, key, writeUse))
    }
    const own = openSeal(PLATFORM, platform, writeUse)
    return { platform: own, of: (institution) => seals.get(institution) ?? own, all: [own, ...seals.values()], close }
  } catch (error) {
    await close()
    throw error
  }
}

/** What is sealed with it would be worth nothing. */
function refuseOutOfForce({ certificate }: SigningKey, called: string, now: Date): void {
  const day = (at: Date) => at.toISOString().slice(0, 10)
  if (now < certificate.notBefore)
    throw new StartRefusal(`${called} is not in force before ${day(certificate.notBefore)}.`)
  if (now > certificate.notAfter) throw new StartRefusal(`${called} ended on ${day(certificate.notAfter)}: renew it.`)
}
