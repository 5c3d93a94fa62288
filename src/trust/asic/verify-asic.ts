import { joinData, noData } from '#trust/validation/facts.ts'
import type { AsicDataObject, AsicReport, AsicSignature } from './asic-report.ts'
import { type CheckedManifest, checkManifests } from './check-references.ts'
import { checkSignatures } from './check-signatures.ts'
import { checkTimestamps, isTimestamp, withArchives } from './check-timestamps.ts'
import { AsicError } from './errors.ts'
import { type Container, openContainer } from './open-container.ts'
import type { ZipEntry, ZipLimits } from './read-zip.ts'

/**
 * An ASiC-E container with CAdES signatures (EN 319 162-1, 4.4): what is in it, who signed which part, and what nobody signed.
 * Sound is one question and whom to trust another: facts are handed on to whoever judges them. Never throws for what the bytes are;
 * work and memory are bounded by the limits.
 * @param file the whole container
 */
export function verifyAsic(file: Buffer, limits?: ZipLimits): AsicReport {
  try {
    return reportOn(openContainer(file, limits))
  } catch (error) {
    if (!(error instanceof AsicError)) throw error
    const { problem, message: detail } = error
    return {
      error: { problem, detail },
      dataObjects: [],
      signatures: [],
      timestamps: [],
      evidence: noData(),
      uncovered: [],
      unprotected: [],
    }
  }
}

function reportOn(container: Container): AsicReport {
  const { manifests, unread } = checkManifests(container)
  const timestamps = checkTimestamps(container, manifests)
  const signatures = checkSignatures(container, manifests).map((signature) => withArchives(signature, timestamps))
  const dataObjects = container.dataObjects.map((entry) => describe(entry, manifests, signatures))
  return {
    error: undefined,
    dataObjects,
    signatures,
    timestamps,
    evidence: [...signatures, ...timestamps].map(({ evidence }) => evidence).reduce(joinData, noData()),
    uncovered: dataObjects.filter(({ coveredBy }) => coveredBy.length === 0).map(({ name }) => name),
    unprotected: [...unread, ...findStrangers(container, manifests, signatures)],
  }
}

function describe(entry: ZipEntry, manifests: readonly CheckedManifest[], signatures: AsicSignature[]): AsicDataObject {
  const { name, size, read } = entry
  const covering = signatures.filter(({ facts, covers }) => facts.sound && covers.includes(name))
  const said = manifests.filter(({ entry: own }) => covering.some(({ manifest }) => manifest === own.name))
  const mimeType = said.flatMap(({ objects }) => objects).find((object) => object.name === name)?.mimeType
  return { name, mimeType, size, coveredBy: [...new Set(covering.map(({ file }) => file))], read }
}

/** Entries of META-INF that belong to nothing: signatures of other kinds, or what somebody put there. */
function findStrangers(
  { others }: Container,
  manifests: readonly CheckedManifest[],
  signatures: readonly AsicSignature[],
): string[] {
  const known = new Set([
    ...manifests.filter(isTimestamp).map(({ signature }) => signature),
    ...signatures.filter(({ facts }) => facts.sound).flatMap(({ covers }) => covers),
  ])
  return others.filter(({ name }) => !known.has(name)).map(() => 'META-INF holds a file that no signature covers.')
}
