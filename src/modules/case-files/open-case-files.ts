import type { Readable } from 'node:stream'
import { Refusal } from '#kernel/refusal.ts'
import { type CaseRecord, type CasesCode, findFolio, openCaseAsServant, parseFolio } from '#modules/cases/index.ts'
import type { ActingSession } from '#modules/identity/index.ts'
import type { CaseFileParts } from './case-file-parts.ts'
import { gatherCase } from './gather-case.ts'
import { openPlaces } from './hold-place.ts'
import { makeCaseFile, removeLeftovers } from './make-case-file.ts'
import type { Reader } from './tables.ts'

export const CASE_FILE_TYPE = 'application/vnd.etsi.asic-e+zip'

/** A case file that is ready to be sent. Its stream must be read to its end or destroyed. */
export interface CaseFile {
  /** `<folio>.asice` */
  name: string
  /** Bytes. */
  size: number
  stream: Readable
}

export interface CaseFiles {
  /**
   * The person's copy: what they may read of their own case.
   * @throws Refusal `case-unknown` (also for somebody else's), `case-file-busy`, `case-file-not-sealed`, `case-file-too-large`
   */
  forPerson(session: ActingSession, typedFolio: string): Promise<CaseFile>
  /**
   * The institution's copy; taking it is on record with its purpose, and the person sees it.
   * @throws Refusal `case-unknown` (also for another institution's), `case-file-busy`, `case-file-not-sealed`, `case-file-too-large`
   */
  forServant(session: ActingSession, typedFolio: string, purpose: string): Promise<CaseFile>
}

/** In hand at once in this process, and of these being made: each has one document in memory. */
const MOST = 32
const AT_ONCE = 2
/** Whoever has not taken it by then has gone away. */
const SENT_MILLISECONDS = 15 * 60_000

export function openCaseFiles(parts: CaseFileParts): CaseFiles {
  const { cases } = parts
  let cleaned: Promise<void> | undefined
  const places = openPlaces(MOST, AT_ONCE)

  async function make(
    account: string,
    record: Pick<CaseRecord, 'ownerId' | 'id' | 'folio'>,
    reader: Reader,
  ): Promise<CaseFile> {
    const leave = places.take(account)
    try {
      cleaned ??= removeLeftovers(parts.folder)
      await cleaned
      const { handle, size } = await places.inTurn(async () =>
        makeCaseFile(parts, await gatherCase(parts, record, reader)),
      )
      const stream = handle.createReadStream({ start: 0 })
      const timer = setTimeout(() => stream.destroy(), SENT_MILLISECONDS).unref()
      stream.once('close', () => {
        clearTimeout(timer)
        leave()
      })
      return { name: `${record.folio}.asice`, size, stream }
    } catch (error) {
      leave()
      throw error
    }
  }

  return {
    async forPerson(session, typedFolio) {
      const folio = parseFolio(typedFolio)
      const found = folio && (await findFolio(cases.db, folio))
      if (!found || found.ownerId !== session.account.id) throw new Refusal<CasesCode>('case-unknown', {}, 404)
      return make(session.person.accountId, { ownerId: found.ownerId, id: found.caseId, folio }, 'person')
    },
    async forServant(session, typedFolio, purpose) {
      const record = await openCaseAsServant(cases, session, typedFolio, purpose)
      return make(session.person.accountId, record, 'institution')
    },
  }
}
