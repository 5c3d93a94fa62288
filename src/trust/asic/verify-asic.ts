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
  const dataObjects = describeAll(container.dataObjects, manifests, signatures)
  // The signers of one message share what it carries.
  const evidence = new Set([...signatures, ...timestamps].map((each) => each.evidence))
  return {
    error: undefined,
    dataObjects,
    signatures,
    timestamps,
    evidence: [...evidence].reduce(joinData, noData()),
    uncovered: dataObjects.filter(({ coveredBy }) => coveredBy.length === 0).map(({ name }) => name),
    unprotected: [...unread, ...findStrangers(container, manifests, signatures)],
  }
}

/** What covers each file, and what type it says: looked up by name once, for a container may have thousands of both. */
function describeAll(
  entries: readonly ZipEntry[],
  manifests: readonly CheckedManifest[],
  signatures: readonly AsicSignature[],
): AsicDataObject[] {
  const coveredBy = new Map<string, Set<string>>()
  const types = new Map<string, string | undefined>()
  const sound = new Map(signatures.flatMap(({ facts, manifest, file }) => (facts.sound ? [[manifest, file]] : [])))
  for (const { entry, objects } of manifests) {
    const file = sound.get(entry.name)
    if (file === undefined) continue
    for (const { name, mimeType } of objects) {
      coveredBy.set(name, (coveredBy.get(name) ?? new Set()).add(file))
      if (!types.has(name)) types.set(name, mimeType)
    }
  }
  return entries.map(({ name, size, read }) => {
    return { name, mimeType: types.get(name), size, coveredBy: [...(coveredBy.get(name) ?? [])], read }
  })
}

/** Entries of META-INF that belong to nothing: signatures of other kinds, or what somebody put there. */
function findStrangers(
  { others }: Container,
  manifests: readonly CheckedManifest[],
  signatures: readonly AsicSignature[],
): string[] {
  const known = new Set([
    ...manifests.filter(isTimestamp).map(({ signature }) => signature),
    ...[...new Set(signatures.filter(({ facts }) => facts.sound).map(({ covers }) => covers))].flat(),
  ])
  return others.filter(({ name }) => !known.has(name)).map(() => 'META-INF holds a file that no signature covers.')
}
