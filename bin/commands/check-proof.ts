import { createInterface } from 'node:readline'
import { verifyConsistency, verifyInclusion } from '#trust/merkle/verify-proof.ts'
import { readJsonObject, requireBatch } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'

/** `check-proof --batch`: one JSON case a line, one answer a line; a malformed one is answered too. */
export async function run(args: string[], { stdin, stdout }: CommandIo): Promise<number> {
  requireBatch(args, 'check-proof --batch: one JSON case a line on standard input')
  for await (const line of createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') stdout.write(`${JSON.stringify(answer(line))}\n`)
  }
  return 0
}

function answer(line: string): Record<string, unknown> {
  let id: unknown = null
  try {
    const question = readJsonObject(line)
    id = question.id ?? null
    return { id, ...check(question) }
  } catch (error) {
    return { id, indication: 'FAILED', reason: (error as Error).message }
  }
}

function check(question: Record<string, unknown>) {
  // Programs that have no empty list write null.
  const given = question.proof ?? []
  if (!Array.isArray(given)) throw new RangeError('proof is not a list')
  const proof = given.map((hash) => bytes(hash))
  if (question.kind === 'inclusion') {
    return verifyInclusion({
      leafIndex: number(question.leafIndex),
      treeSize: number(question.treeSize),
      root: bytes(question.root),
      leafHash: bytes(question.leafHash),
      proof,
    })
  }
  if (question.kind === 'consistency') {
    return verifyConsistency({
      oldSize: number(question.oldSize),
      newSize: number(question.newSize),
      oldRoot: bytes(question.oldRoot),
      newRoot: bytes(question.newRoot),
      proof,
    })
  }
  throw new RangeError('kind is neither inclusion nor consistency')
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN
}

/** Strict base64: one value has one spelling. */
function bytes(value: unknown): Buffer {
  const found = Buffer.from(typeof value === 'string' ? value : '', 'base64')
  if (typeof value !== 'string' || found.toString('base64') !== value) throw new RangeError('a hash is not base64')
  return found
}
