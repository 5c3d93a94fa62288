import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import type { Catalogue, Pack } from '#modules/catalogue/index.ts'
import type { Demo } from '#modules/demo/index.ts'
import {
  type Authorities,
  type CertificateJudge,
  type HeldLists,
  openCertificateJudge,
  openListsOf,
  type RevocationSources,
} from '#modules/identity/index.ts'
import {
  keyFromPkcs8,
  openKey,
  openSeals,
  openUseRecord,
  readInstitutionSeals,
  type Seals,
} from '#modules/seals/index.ts'
import { keepSeals } from './keep-seals.ts'
import type { Kernel } from './open-kernel.ts'
import { openTime, type Time } from './open-time.ts'
import { keepTrust, openRevocationSources, openTrust, readBankKey } from './open-trust.ts'
import type { Opened } from './opened.ts'

/** Whom this installation believes, and what it seals and stamps with. */
export interface Signing {
  authorities: Authorities
  sources: RevocationSources
  lists: HeldLists
  certificates: CertificateJudge
  seals: Seals
  time: Time
  /** What confirmations of payments are verified with. */
  bankKey: KeyObject
  /** Only in a demo: what its bank signs them with. */
  bankPrivate: KeyObject | undefined
}

interface SigningParts {
  pack: Pack
  catalogue: Catalogue
  demo: Demo | undefined
}

/** @throws StartRefusal */
export async function openSigning(
  { config, log, db, clock, ledger }: Kernel,
  { pack, catalogue, demo }: SigningParts,
  opened: Opened,
): Promise<Signing> {
  const platform = pack.settings.platform.es
  const demoKeys = await demo?.keys(platform)
  const authorities = await openTrust(config, demo)
  const sources = await openRevocationSources(config, demo, clock)
  const onSilence = (issuer: string, error: unknown) =>
    log.warn({ err: error, issuer }, 'a revocation source does not answer')
  const lists = openListsOf({ db, onSilence })
  const certificates = openCertificateJudge({ db, demo: config.demo, authorities, sources, lists, onSilence })
  const seals = await openSeals({
    institutions: await readInstitutionSeals(join(config.dataDir, 'seals'), (id) => catalogue.institutions.has(id)),
    platform:
      demoKeys && !config.seal
        ? keyFromPkcs8(demoKeys.sealKey, demoKeys.sealCertificate, [demo!.authority])
        : await openKey(config.seal!, config.seal!.kind === 'pkcs12' ? 'SEAL_P12' : 'SEAL_PKCS11_MODULE'),
    writeUse: openUseRecord({ db, clock, log }),
    now: clock.now(),
  })
  opened.push(() => seals.close())
  await keepTrust(config, seals.platform, ledger)
  await keepSeals(join(config.dataDir, 'trust'), seals.all, clock.now())
  const demoTime = config.authority ? undefined : await demo?.timeKey(platform)
  const demoKey = demoTime && keyFromPkcs8(demoTime.key, demoTime.certificate, [demo!.authority])
  const time = await openTime({ config, demoKey, db, clock, log, authorities }, opened)
  const bankPrivate = demoKeys ? createPrivateKey({ key: demoKeys.bankKey, format: 'der', type: 'pkcs8' }) : undefined
  const bankKey = bankPrivate ? createPublicKey(bankPrivate) : await readBankKey(config)
  return { authorities, sources, lists, certificates, seals, time, bankKey, bankPrivate }
}
