import { readOptions, UsageRefusal } from '../read-options.ts'
import { type OpenedEfirma, openEfirma } from './efirma.ts'
import { openShopClient, type Shop } from './shop.ts'
import { signIn, type Whoami } from './sign-in.ts'

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

const options = {
  server: text,
  cer: text,
  key: text,
  'password-file': text,
  service: text,
  data: text,
  example: flag,
  attach: { type: 'string', multiple: true },
  consent: flag,
  consult: flag,
  email: text,
  out: text,
  folio: text,
  outcome: text,
  reasons: text,
  'legal-basis': text,
  institution: text,
  json: flag,
} as const

export type Flags = ReturnType<typeof readFlags>['values']

export function readFlags(args: string[], usage: string) {
  return readOptions({ args, options, allowPositionals: true }, usage)
}

export interface SignedIn {
  shop: Shop
  efirma: OpenedEfirma
  whoami: Whoami
}

/** Opens the e.firma and signs in to the shop that the options name. */
export async function signInWith(flags: Flags, usage: string): Promise<SignedIn> {
  const { server, cer, key, 'password-file': passwordFile } = flags
  if (!server || !cer || !key || !passwordFile) throw new UsageRefusal(usage)
  if (!URL.canParse(server)) throw new UsageRefusal(usage, `--server ${server} is not an address`)
  const efirma = await openEfirma({ cer, key, passwordFile })
  const shop = openShopClient(server)
  return { shop, efirma, whoami: await signIn(shop, efirma) }
}

/** @throws UsageRefusal with the usage where the option is missing */
export function required(value: string | undefined, usage: string): string {
  if (value === undefined || value === '') throw new UsageRefusal(usage)
  return value
}
