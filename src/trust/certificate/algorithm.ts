import type { DerValue } from '#trust/der/read.ts'

export interface AlgorithmIdentifier {
  oid: string
  /** Absent, NULL or whatever the algorithm has. */
  params?: DerValue
  der: Buffer
}

/** AlgorithmIdentifier (RFC 5280, 4.1.1.2). Throws DerError. */
export function parseAlgorithm(value: DerValue): AlgorithmIdentifier {
  const cursor = value.sequence()
  const oid = cursor.next().oid()
  const params = cursor.more() ? cursor.next() : undefined
  cursor.done()
  return { oid, params, der: value.bytes }
}
