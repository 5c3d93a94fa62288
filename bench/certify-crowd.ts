import { join } from 'node:path'
import { systemClock } from '#kernel/clock.ts'
import { readAuthority } from '../src/modules/demo/authority.ts'
import { readCast } from '../src/modules/demo/cast.ts'
import { certifyPerson } from '../src/modules/demo/certify-person.ts'

/** So many more people of the demo than its cast, each with an e.firma of their own. @returns their ids */
export async function certifyCrowd(dataDir: string, count: number): Promise<string[]> {
  const cast = await readCast('packs/mx', [])
  const authority = await readAuthority(join(dataDir, 'demo', 'ca'), cast)
  const ids = Array.from({ length: count }, (_, i) => `crowd-${i}`)
  for (const [i, id] of ids.entries()) {
    const mark = String(i).padStart(2, '0')
    await certifyPerson({
      folder: join(dataDir, 'demo', 'people', id),
      authority,
      member: {
        id,
        name: `PERSONA ${mark} DE PRUEBA`,
        rfc: `PEPX800101A${mark}`,
        curp: `PEPX800101HDFRRN${mark}`,
        note: { es: '', en: '' },
      },
      representative: undefined,
      password: cast.password,
      country: cast.country,
      now: systemClock.now(),
    })
  }
  return ids
}
