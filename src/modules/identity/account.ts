import type { Efirma } from '#trust/efirma/read-efirma.ts'

/** A person or a company that has a mailbox here. It is not a certificate: a renewed one opens the same account. */
export interface Account {
  id: string
  kind: 'person' | 'company'
  /** As certified; without check digit judged. Null for a person whose certificate has none. */
  rfc: string | null
  /** Of a person only. */
  curp: string | null
  /** As certified, with its Ñ, & and accents. */
  name: string
}

/** The human behind an act. `name` is null while only a company's certificate has spoken of them. */
export interface Person {
  accountId: string
  rfc: string | null
  curp: string | null
  name: string | null
}

/**
 * What makes two certificates the same account (contracts, "Accounts"): a person by CURP, or by RFC where there is none;
 * a company by RFC. Also the text of `identity.account_key`.
 */
export function keyOfAccount(efirma: Efirma): string | undefined {
  if (efirma.company) return `company-rfc:${efirma.company.rfc}`
  return keyOfPerson(efirma)
}

export function keyOfPerson({ curp, rfc }: Pick<Efirma, 'curp' | 'rfc'>): string | undefined {
  if (curp) return `curp:${curp}`
  return rfc ? `person-rfc:${rfc}` : undefined
}
