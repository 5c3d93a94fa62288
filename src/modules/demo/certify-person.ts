import { randomInt } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DemoAuthority } from './authority.ts'
import type { CastMember } from './cast.ts'
import { encryptKey } from './encrypt-key.ts'
import { issueCertificate, type NameParts } from './issue-certificate.ts'
import { makeKeyPair } from './keys.ts'
import { writeWhole } from './write-whole.ts'

/** What is kept of a certificate that was issued. */
export interface Issued {
  serial: string
  notBefore: string
  notAfter: string
}

export interface PersonRequest {
  /** Where `cer`, `key` and `password.txt` go. */
  folder: string
  authority: DemoAuthority
  member: CastMember
  /** The human who acts for a company. */
  representative: CastMember | undefined
  password: string
  country: string
  now: Date
}

const MONTH = (365.25 / 12) * 86_400_000

/** Four years each, as real ones; in months from the demo's clock. */
const spans = {
  valid: { from: -12, until: 36 },
  renewed: { from: -1, until: 47 },
  expired: { from: -60, until: -12 },
  revoked: { from: -12, until: 36 },
} as const

export async function certifyPerson(request: PersonRequest): Promise<Issued> {
  const { folder, authority, member, password, now } = request
  const keys = await makeKeyPair(2048)
  const { from, until } = spans[member.certificate ?? 'valid']
  // Whole seconds: a certificate says no more.
  const second = Math.floor(now.getTime() / 1000) * 1000
  const notBefore = new Date(second + from * MONTH)
  const notAfter = new Date(second + until * MONTH)
  const serial = newSerial()
  const certificate = issueCertificate({
    issuer: authority.issuer,
    subject: subjectOf(member, request.representative, request.country),
    publicKey: keys.publicKey,
    serial,
    notBefore,
    notAfter,
    profile: member.seal === undefined ? 'efirma' : 'seal',
  })
  await mkdir(folder, { recursive: true })
  await writeWhole(join(folder, 'cer'), certificate)
  await writeWhole(join(folder, 'key'), encryptKey(keys.privateKey, password))
  await writeWhole(join(folder, 'password.txt'), `${password}\n`)
  return { serial, notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() }
}

/** 20 digits, as the tax service's, in a range that it does not use. */
function newSerial(): string {
  const digits = Array.from({ length: 16 }, () => randomInt(10)).join('')
  return `9999${digits}`
}

/** In the order of the tax service: a company's RFC and its representative's are one value, with spaces around the slash. */
function subjectOf(member: CastMember, representative: CastMember | undefined, country: string): NameParts {
  const rfc = representative ? `${member.rfc} / ${representative.rfc}` : member.rfc
  const curp = representative ? ` / ${representative.curp}` : (member.curp ?? '')
  const named: NameParts = [
    ['commonName', member.name],
    ['name', member.name],
    ['organizationName', member.name],
  ]
  const numbered: NameParts = [
    ['x500UniqueIdentifier', rfc],
    ['serialNumber', curp],
  ]
  if (member.seal !== undefined) return [...named, ...numbered, ['organizationalUnitName', member.seal]]
  const email: NameParts = member.email ? [['emailAddress', member.email]] : []
  return [...named, ['countryName', country], ...email, ...numbered]
}
