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
 * What makes two certificates the same account (contracts, "Accounts"): a company by RFC, a person by CURP, or by RFC where
 * there is none. These are the texts of `identity.account_key`.
 */
export function keyOfCompany(rfc: string): string {
  return `company-rfc:${rfc}`
}

/** The stronger first. A person's RFC leads to them too, so that a certificate without CURP opens the same mailbox. */
export function keysOfPerson({ curp, rfc }: { curp: string | null; rfc: string | null }): string[] {
  return [...(curp ? [`curp:${curp}`] : []), ...(rfc ? [`person-rfc:${rfc}`] : [])]
}
