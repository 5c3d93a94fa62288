import { createHash, type KeyObject } from 'node:crypto'
import {
  type ArchiveQuestion,
  addArchiveTimestamp,
  addSignatureTimestamp,
  addValidationData,
  prepareArchiveTimestamp,
  signatureImprint,
} from '#trust/cades/grow-signature.ts'
import { completeCades, prepareCades } from '#trust/cades/make-signature.ts'
import type { SigningHash } from '#trust/cms/signature-algorithm.ts'
import { signWith } from '#trust/cms/signature-algorithm.ts'
import { writeImprint } from '#trust/timestamp/message-imprint.ts'
import { completeToken, prepareToken } from '#trust/timestamp/write-token.ts'
import type { ValidationData } from '#trust/validation/facts.ts'
import { authority, day, type Holder, issue, revocationList } from './pki.ts'
import { stamper, timestampOverDigest } from './signed-pdf.ts'

/** An authority with a person, and one of time, with what is known about them on a day. */
export function openCadesWorld(key?: KeyObject) {
  const ages = { notBefore: day('2020-01-01'), notAfter: day('2050-01-01') }
  const root = authority({ subject: 'root', ...ages })
  const people = authority({ subject: 'people', issuer: root, ...ages })
  const person = issue({
    subject: 'person',
    issuer: people,
    key,
    notBefore: day('2024-01-01'),
    notAfter: day('2028-01-01'),
  })
  const time = stamper(root, { notBefore: day('2024-01-01'), notAfter: day('2030-01-01') })
  const listOf = (issuer: Holder, on: Date): Buffer =>
    revocationList({ issuer, thisUpdate: on, nextUpdate: new Date(on.getTime() + 7 * 86_400_000) })
  return {
    root,
    people,
    person,
    time,
    /** What is needed to judge the person and the authority of time on a day. */
    dataOn: (on: Date): ValidationData => ({
      certificates: [people.certificate.der, root.certificate.der],
      crls: [listOf(root, on), listOf(people, on)],
      ocspResponses: [],
    }),
  }
}

export type CadesWorld = ReturnType<typeof openCadesWorld>

export interface SignOptions {
  enveloping?: boolean
  by?: Holder
  digestAlgorithm?: SigningHash
  pss?: boolean
  at?: Date
  /** The authorities that travel with it. */
  certificates?: readonly Uint8Array[]
}

export function signCades(content: Uint8Array, by: Holder, options: SignOptions = {}): Buffer {
  const { enveloping, digestAlgorithm, pss, at, certificates } = options
  const prepared = prepareOver(content, by, { digestAlgorithm, pss, at })
  const value = signWith(by.key, { digestAlgorithm: prepared.digestAlgorithm, pss })(prepared.signedAttributes)
  return completeCades(prepared, value, { certificates, ...(enveloping ? { content } : {}) })
}

export function prepareOver(content: Uint8Array, { certificate }: Holder, options: SignOptions = {}) {
  const { digestAlgorithm = 'sha256', pss, at: signingTime = day('2025-06-01') } = options
  const digest = createHash(digestAlgorithm).update(content).digest()
  return prepareCades({ certificate, digest, digestAlgorithm, pss, signingTime })
}

export const stampSignature = (message: Buffer, time: Holder, at: Date, signer = 0): Buffer =>
  addSignatureTimestamp(message, timestampOverDigest(signatureImprint(message, { signer }), time, at), { signer })

export function stampArchive(
  message: Buffer,
  content: Uint8Array,
  time: Holder,
  at: Date,
  options: Pick<ArchiveQuestion, 'data' | 'signer' | 'hash'> = {},
): Buffer {
  const digestOf = (hash: string): Buffer => createHash(hash).update(content).digest()
  const prepared = prepareArchiveTimestamp(message, { digestOf, ...options })
  return addArchiveTimestamp(prepared, tokenOver(prepared.imprint, time, at, { hash: prepared.hash }))
}

/** @param chain null: the token carries no certificate, not even its authority's */
export function tokenOver(
  digest: Uint8Array,
  { certificate, key }: Holder,
  time: Date,
  { hash = 'sha256', chain = [] }: { hash?: SigningHash; chain?: readonly Uint8Array[] | null } = {},
): Buffer {
  const parts = { policy: '1.2.3', imprint: writeImprint(hash, digest), serial: Buffer.from([7]), time }
  const prepared = prepareToken(parts, certificate)
  return completeToken(prepared, signWith(key, prepared)(prepared.signedAttributes), chain ?? undefined)
}

/** B-B, B-T, B-LT and B-LTA of one signature. */
export function allLevels(content: Uint8Array, world: CadesWorld, options: SignOptions = {}) {
  const certificates = [world.people.certificate.der]
  const bb = signCades(content, options.by ?? world.person, { certificates, ...options })
  const bt = stampSignature(bb, world.time, new Date('2025-06-01T00:00:10Z'))
  const blt = addValidationData(bt, world.dataOn(day('2025-06-02')))
  const blta = stampArchive(blt, content, world.time, day('2025-06-03'))
  return { 'B-B': bb, 'B-T': bt, 'B-LT': blt, 'B-LTA': blta }
}
