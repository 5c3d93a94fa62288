import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parse } from 'yaml'
import { type Bound, checkPath, createPathCache, type PathInput, type RevocationDoubt } from '#trust/path/check-path.ts'
import {
  BadCase,
  type CaseFields,
  type CaseId,
  idOf,
  readBytes,
  readFields,
  readInstant,
  readList,
} from '../batch-case.ts'
import { packDir } from '../reach-database.ts'
import { requireBatch } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

/**
 * `check-path --batch`: one JSON case a line on standard input, one JSON answer a line on standard output, in the same order. A
 * line that is no case gets an answer too. Offline; the time is the case's. Exit 0 when every line was answered.
 */
export async function run(args: string[], { stdin, stdout }: CommandIo): Promise<number> {
  requireBatch(args, 'check-path --batch: one JSON case a line on standard input')
  const shared = { cache: createPathCache(), pinnedAnchors: await readPins() }
  for await (const line of createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    if (!stdout.write(`${JSON.stringify(answer(line, shared))}\n`)) await once(stdout, 'drain')
  }
  return 0
}

interface Answer {
  id: CaseId
  indication: string
  subIndication?: string
  reason: string
  /** The bound on the work that ended the search. */
  bound?: string
  /** Where a status is not known: which sources were looked at, their times, what would settle it. */
  doubt?: RevocationDoubt
}

function answer(line: string, shared: Pick<PathInput, 'cache' | 'pinnedAnchors'>): Answer {
  const read = readPathCase(line)
  if (!read.ok)
    return { id: read.id, indication: 'INDETERMINATE', subIndication: 'FORMAT_FAILURE', reason: read.reason }
  const began = performance.now()
  const report = checkPath({ ...read.input, ...shared, elapsed: () => performance.now() - began })
  const { indication, subIndication, reason, bound, doubt } = report
  return { id: read.id, indication, subIndication, reason, bound, doubt }
}

/** Anchors that the country pack names by fingerprint are taken with the flaws they have; any other must be as RFC 5280 asks. */
async function readPins(): Promise<ReadonlySet<string>> {
  const file = join(packDir(), 'trust', 'pins.yaml')
  const content: { pins?: Array<{ sha256: string }> } = parse(await readFile(file, 'utf8'))
  return new Set((content.pins ?? []).map(({ sha256 }) => String(sha256).toLowerCase()))
}

type PathCase = { ok: true; id: CaseId; input: PathInput } | { ok: false; id: CaseId; reason: string }

/** One line of `check-path --batch`. Fields that are not of the case are ignored; those of it must be what they should be. */
function readPathCase(line: string): PathCase {
  const fields = readFields(line)
  if (!fields) return { ok: false, id: null, reason: 'The line is not a JSON object.' }
  const id = idOf(fields)
  try {
    return { ok: true, id, input: readInput(fields) }
  } catch (error) {
    if (error instanceof BadCase) return { ok: false, id, reason: error.message }
    throw error
  }
}

const isObject = (value: unknown): value is CaseFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readInput(fields: CaseFields): PathInput {
  const allowLegacyAlgorithms = readFlag(fields, 'allowLegacyAlgorithms')
  return {
    certificate: readBytes(fields.certificate, 'certificate'),
    trustAnchors: readList(fields, 'trustAnchors'),
    intermediates: readList(fields, 'intermediates'),
    crls: readList(fields, 'crls'),
    ocspResponses: readList(fields, 'ocspResponses'),
    at: readInstant(fields.at),
    revocation: readChoice(fields.revocation, 'revocation', ['none', 'require', 'require-leaf'] as const),
    allowLegacyAlgorithms,
    // Old corpora fall short of what RFC 5280 asks of issuers, in more than their algorithms.
    profile:
      readChoice(fields.profile, 'profile', ['strict', 'lenient'] as const) ??
      (allowLegacyAlgorithms ? 'lenient' : 'strict'),
    policy: readPolicy(fields.policy),
    bounds: readBounds(fields.bounds),
  }
}

const BOUNDS: ReadonlySet<string> = new Set(['nodes', 'paths', 'depth', 'bytes', 'milliseconds'] satisfies Bound[])

function readBounds(value: unknown): PathInput['bounds'] {
  if (value === undefined || value === null) return undefined
  const isCount = ([name, limit]: [string, unknown]) =>
    BOUNDS.has(name) && Number.isSafeInteger(limit) && Number(limit) >= 0
  if (!isObject(value) || !Object.entries(value).every(isCount))
    throw new BadCase(`bounds is not an object of ${[...BOUNDS].join(', ')}, each a number from 0.`)
  return value
}

function readFlag(fields: CaseFields, field: string): boolean {
  const flag = fields[field] ?? false
  if (typeof flag !== 'boolean') throw new BadCase(`${field} is neither true nor false.`)
  return flag
}

function readChoice<T extends string>(value: unknown, field: string, choices: readonly T[]): T | undefined {
  if (value === undefined || value === null) return undefined
  const choice = choices.find((each) => each === value)
  if (choice === undefined) throw new BadCase(`${field} is none of ${choices.join(', ')}.`)
  return choice
}

function readPolicy(value: unknown): PathInput['policy'] {
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw new BadCase('policy is not an object.')
  const policies = value.initialPolicies ?? []
  if (!Array.isArray(policies) || !policies.every((each) => typeof each === 'string' && /^\d+(\.\d+)+$/.test(each)))
    throw new BadCase('initialPolicies is not a list of object identifiers.')
  return {
    initialPolicies: policies,
    explicitPolicy: readFlag(value, 'explicitPolicy'),
    inhibitPolicyMapping: readFlag(value, 'inhibitPolicyMapping'),
    inhibitAnyPolicy: readFlag(value, 'inhibitAnyPolicy'),
  }
}
