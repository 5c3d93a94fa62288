import type { AsicDataObject, AsicReport } from '#trust/asic/asic-report.ts'
import type { LogParts } from './check-log-evidence.ts'

/** Of documents inside that are looked at themselves, and of the bytes of each. */
const MOST_DOCUMENTS = 100
const LARGEST_DOCUMENT = 64 * 1024 * 1024
const LARGEST_JSON = 4 * 1024 * 1024

/** The documents of a container that are judged by themselves. */
export const documentsIn = ({ dataObjects }: AsicReport): AsicDataObject[] =>
  dataObjects.filter(({ name, size }) => /\.pdf$/i.test(name) && size <= LARGEST_DOCUMENT).slice(0, MOST_DOCUMENTS)

/** What a container of ours carries for programs. */
export function readContainer({ dataObjects }: AsicReport): { data: unknown; log: LogParts | undefined } {
  return { data: readCase(dataObjects), log: readLogParts(dataObjects) }
}

/** `case.json`, whatever it holds; nobody's where no signature covers it. */
function readCase(objects: readonly AsicDataObject[]): unknown {
  const entry = objects.find(({ name }) => name === 'case.json')
  if (!entry || entry.size > LARGEST_JSON || entry.coveredBy.length === 0) return undefined
  try {
    return JSON.parse(entry.read().toString('utf8'))
  } catch {
    return undefined
  }
}

/** The first proof of the log, which is that of the submission. */
function readLogParts(objects: readonly AsicDataObject[]): LogParts | undefined {
  const name = objects.find((each) => each.name.endsWith('-log-proof.txt'))?.name.replace(/proof\.txt$/, '')
  const [proof, entry, record] = ['proof.txt', 'entry.json', 'record.json'].map((ending) => {
    const found = name === undefined ? undefined : objects.find((each) => each.name === name + ending)
    return found && found.size <= LARGEST_JSON ? found.read() : undefined
  })
  return proof && entry && record ? { proof, entry, record } : undefined
}
