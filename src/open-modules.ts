import { sha256 } from '#kernel/bytes.ts'
import type { Jobs } from '#kernel/jobs.ts'
import type { Calendars } from '#modules/calendars/index.ts'
import type { CaseParts } from '#modules/cases/index.ts'
import type { Catalogue, Pack } from '#modules/catalogue/index.ts'
import { type DocumentsParts, openRenderer } from '#modules/documents/index.ts'
import { contactEmailOf, type IdentityParts } from '#modules/identity/index.ts'
import { append } from '#modules/ledger/index.ts'
import { type NoticeRules, type PostOfficeParts, queueMail } from '#modules/post-office/index.ts'
import type { Kernel } from './open-kernel.ts'
import type { Signing } from './open-signing.ts'
import type { Opened } from './opened.ts'

/** What each module is given to work with. */
export interface Modules {
  documents: DocumentsParts
  identity: IdentityParts
  postOffice: PostOfficeParts
  cases: CaseParts
}

interface ModulesParts {
  kernel: Kernel
  signing: Signing
  pack: Pack
  catalogue: Catalogue
  calendars: Calendars
  rules: NoticeRules
  jobs: Jobs
}

export function openModules(parts: ModulesParts, opened: Opened): Modules {
  const { kernel, signing, pack, catalogue, calendars, rules, jobs } = parts
  const { config, db, clock, ledger } = kernel
  const { certificates } = signing
  const documents = openDocuments(parts, opened)
  const postOffice: PostOfficeParts = {
    db,
    clock,
    jobs,
    rules,
    calendars,
    documents,
    certificates,
    log: { append },
    contactEmail: contactEmailOf,
    publicUrl: config.publicUrl,
    operator: catalogue.institutions.get(pack.settings.operator)!.name,
  }
  const cases: CaseParts = {
    db,
    clock,
    jobs,
    log: { append, proofFor: ledger.proofSoon },
    catalogue,
    calendars,
    certificates,
    documents,
    postOffice,
    bankKey: signing.bankKey,
    limits: config.limits,
  }
  return { documents, identity: identityOf(parts), postOffice, cases }
}

function openDocuments({ kernel, signing, pack }: ModulesParts, opened: Opened): DocumentsParts {
  const { config, db, clock } = kernel
  const { seals, time } = signing
  const { platform, accent } = pack.settings
  const stamp = time.stampFor('signatures')
  const renderer = openRenderer({ publicUrl: config.publicUrl, platform: platform.es, accent })
  opened.push(() => renderer.close())
  return {
    db,
    clock,
    renderer,
    seal: seals.platform,
    sealOf: (institution) => seals.of(institution),
    platformName: platform.es,
    timestamp: stamp && ((signature) => stamp(sha256(signature))),
  }
}

/** Mails to an address that is not yet anybody's belong to no account. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

function identityOf({ kernel: { config, db, clock }, signing: { certificates }, jobs }: ModulesParts): IdentityParts {
  return {
    db,
    clock,
    origin: config.publicUrl,
    limits: config.limits,
    certificates,
    ledger: { append },
    mail: async (trx, { to, subject, text }) => {
      await queueMail(trx, jobs, clock.now(), { ownerId: NOBODY, kind: 'code', address: to, subject, body: text })
    },
  }
}
