import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Text } from '#kernel/texts.ts'

/** Someone of the demo, as the pack writes them (`packs/<country>/demo/people.yaml`). */
export interface CastMember {
  id: string
  name: string
  rfc: string
  /** None for a company. */
  curp?: string
  email?: string
  /** Id of the person who acts for this company. */
  representative?: string
  /** Unit name: makes the certificate an invoice seal. */
  seal?: string
  certificate?: 'expired' | 'revoked' | 'renewed'
  roles?: Array<{ institution: string; role: string }>
  note: Text
}

export interface Cast {
  password: string
  /** ISO 3166-1, two letters, as certificates name it. */
  country: string
  authority: Record<'root' | 'issuer', { name: string; organization: string }>
  people: CastMember[]
}

interface CastFile extends Cast {
  servants: Array<Array<Omit<CastMember, 'id' | 'note'> & { role: string }>>
  roleNotes: Record<string, Text>
}

/** Everyone, with the public servants placed at these institutions, first with first; an institution too many stays empty. */
export async function readCast(packDir: string, institutions: readonly string[]): Promise<Cast> {
  const file: CastFile = parse(await readFile(join(packDir, 'demo', 'people.yaml'), 'utf8'))
  const servants = file.servants.flatMap((team, index) => {
    const institution = institutions[index]
    if (institution === undefined) return []
    return team.map(({ role, ...member }) => ({
      ...member,
      id: `${institution}-${role}`,
      roles: [{ institution, role }],
      note: file.roleNotes[role] ?? { es: role, en: role },
    }))
  })
  return {
    password: file.password,
    country: file.country,
    authority: file.authority,
    people: [...file.people, ...servants],
  }
}
