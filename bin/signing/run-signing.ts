import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { systemClock } from '#kernel/clock.ts'
import { certificatesAbove, certificatesIn, type SigningKey } from '#modules/seals/index.ts'
import { attributeValue } from '#trust/certificate/name.ts'
import { OID } from '#trust/der/oids.ts'
import { readEfirma } from '#trust/efirma/read-efirma.ts'
import { readNamedFile, refuseFile, UsageRefusal } from '../read-options.ts'
import type { CommandIo } from '../ventanilla.ts'
import { openSources } from './open-sources.ts'
import { formatOf, signFile } from './sign-file.ts'
import type { SigningOrder } from './signing-flags.ts'
import { refuseSigning } from './texts.ts'
import { checkOut, writeOut } from './write-out.ts'

interface Run {
  order: SigningOrder
  /** Other files that were read: keys, certificates. */
  keyFiles: readonly string[]
  /** Asked once all else is in order. The command closes it. */
  openKey(): Promise<Pick<SigningKey, 'certificate' | 'digestAlgorithm' | 'chain' | 'sign' | 'close'>>
  json: boolean
}

/**
 * Looks at files and place first, then opens the key, and writes the result whole or not at all.
 * @throws UsageRefusal, Refusal, StartRefusal, NetworkFault, KeyFault
 */
export async function runSigning({ order, keyFiles, openKey, json }: Run, { stdout }: CommandIo): Promise<number> {
  for (const file of order.files) await mustBeThere(file)
  const target = { ...order, inputs: [...order.files, ...keyFiles] }
  await checkOut(target)
  const format = await formatOf(order)
  const chainFile = order.chain ? readChain(await readNamedFile(order.chain), order.chain) : []
  const key = await openKey()
  try {
    const at = systemClock.now()
    refuseOutOfForce(key, at, order)
    const chain = certificatesAbove(key.certificate, [...key.chain, ...chainFile])
    const now = () => systemClock.now()
    const { certificate } = key
    const sources = openSources({ tsa: order.tsa, signer: certificate, chain, now, language: order.language })
    // Before the key is asked for anything: what cannot be had in the end is not begun.
    if (order.level.startsWith('LT')) await sources.validationData()
    const name = readEfirma(certificate)?.name ?? attributeValue(certificate.subject, OID.commonName)
    const signing = { order, key, chain, sources, at, name, sign: (bytes: Uint8Array) => key.sign(bytes) }
    const hash = createHash('sha256')
    const bytes = await writeOut(target, hashed(await signFile(signing, format), hash))
    const done = {
      out: order.out,
      format,
      level: `B-${order.level}`,
      signer: name ?? null,
      bytes,
      sha256: hash.digest('hex'),
    }
    stdout.write(json ? `${JSON.stringify(done)}\n` : `${order.out}: ${format}, ${done.level}, ${done.signer ?? ''}\n`)
    return 0
  } finally {
    await key.close()
  }
}

async function mustBeThere(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) throw refuseFile(file, found?.isDirectory() ? 'folder' : 'missing')
}

function readChain(bytes: Buffer, file: string): Buffer[] {
  const certificates = certificatesIn(bytes)
  if (!certificates) throw new UsageRefusal(`${file} holds no certificate, or something that is none.`)
  return certificates
}

function refuseOutOfForce(
  { certificate }: Pick<SigningKey, 'certificate'>,
  at: Date,
  { language }: SigningOrder,
): void {
  const day = (instant: Date) => instant.toISOString().slice(0, 10)
  if (at < certificate.notBefore) throw refuseSigning('not-yet-valid', language, { day: day(certificate.notBefore) })
  if (at > certificate.notAfter) throw refuseSigning('expired', language, { day: day(certificate.notAfter) })
}

async function* hashed(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  hash: { update(bytes: Uint8Array): unknown },
) {
  for await (const each of pieces) {
    hash.update(each)
    yield each
  }
}
