import { Refusal } from '#kernel/refusal.ts'
import type { SignInCode } from '#modules/identity/index.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { parseChallenge } from '#trust/efirma/challenge.ts'
import { readEfirma } from '#trust/efirma/read-efirma.ts'
import type { OpenedEfirma } from './efirma.ts'
import type { Shop } from './shop.ts'

/** As the API answers and `whoami` prints it. */
export interface Whoami {
  rfc: string | null
  curp: string | null
  name: string | null
  actsFor: { rfc: string; name: string } | null
}

/**
 * Signs in by challenge; the shop's client keeps the token.
 * @throws Refusal with the sign-in codes of the contracts
 */
export async function signIn(shop: Shop, efirma: OpenedEfirma): Promise<Whoami> {
  const account = accountOf(efirma.certificate)
  const challenge = await shop.post<{ id: string; text: string }>('/api/v1/sign-in/challenges', { account })
  checkChallenge(challenge.text, shop.url, account)
  const opened = await shop.post<{ token: string; account: Whoami }>('/api/v1/sign-in/sessions', {
    challengeId: challenge.id,
    certificate: efirma.certificate.toString('base64'),
    signature: efirma.sign(Buffer.from(challenge.text)).toString('base64'),
  })
  shop.token = opened.token
  return opened.account
}

/** What the certificate itself says: the company's RFC, or the person's. Whether it is to be believed, the shop decides. */
function accountOf(certificate: Buffer): string {
  try {
    const efirma = readEfirma(parseCertificate(certificate))
    return efirma?.company?.rfc ?? efirma?.rfc ?? ''
  } catch {
    throw new Refusal<SignInCode>('certificate-unreadable')
  }
}

/** Never signs for another site, for another account, or anything that is not a challenge of version 1. */
function checkChallenge(text: string, url: string, account: string): void {
  const challenge = parseChallenge(text)
  if (!challenge || challenge.account !== account) throw new Refusal<SignInCode>('challenge-unknown')
  if (originOf(challenge.origin) !== originOf(url)) throw new Refusal<SignInCode>('wrong-origin')
}

/** One machine's loopback names are one place. */
function originOf(address: string): string {
  return new URL(address).origin.replace(/\/\/(127\.0\.0\.1|\[::1\])(?=:|$)/, '//localhost')
}
