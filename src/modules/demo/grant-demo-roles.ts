import { grantAsOperator, type IdentityParts, isRole } from '#modules/identity/index.ts'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { readEfirma } from '#trust/efirma/read-efirma.ts'
import type { Demo } from './open-demo.ts'

/** Gives the demo's public servants their roles, as the operator would; what they hold already stays. */
export async function grantDemoRoles(parts: Pick<IdentityParts, 'db' | 'clock' | 'ledger'>, demo: Demo): Promise<void> {
  for (const { id, roles } of demo.people) {
    if (roles.length === 0) continue
    const efirma = readEfirma(parseCertificate(await demo.readFile(id, 'cer')))
    if (!efirma) throw new Error(`the certificate of ${id} names nobody`)
    for (const { institution, role } of roles) {
      if (!isRole(role)) throw new RangeError(`${id}: ${role} is not a role`)
      await grantAsOperator(parts, { efirma, institution, role })
    }
  }
}
