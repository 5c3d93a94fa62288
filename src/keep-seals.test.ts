import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { keyAtHand, openSeal } from '#modules/seals/index.ts'
import { readTrustedFrom } from '#modules/verification/index.ts'
import { day, issue } from '#test/support/pki.ts'
import { keepSeals, loseSeal } from './keep-seals.ts'

const root = issue({ subject: 'Root' })
const sealOf = (holder: string, subject: string) => {
  const { certificate, key } = issue({ subject, issuer: root })
  return openSeal(holder, keyAtHand(key, certificate, []), async () => {})
}

test('a seal that is renewed is kept with its end; one that comes back has none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ventanilla-seals-'))
  const known = async () => {
    const { seals } = await readTrustedFrom(folder, undefined)
    return seals.map(({ holder, until }) => `${holder} ${until?.toISOString().slice(0, 10) ?? 'in use'}`).sort()
  }
  try {
    const [first, second, institution] = [sealOf('platform', 'A'), sealOf('platform', 'B'), sealOf('inm', 'INM')]
    await keepSeals(folder, [first, institution], day('2026-01-01'))
    assert.deepEqual(await known(), ['inm in use', 'platform in use'])
    await keepSeals(folder, [second, institution], day('2026-02-01'))
    await keepSeals(folder, [second], day('2026-03-01'))
    assert.deepEqual(await known(), ['inm 2026-03-01', 'platform 2026-02-01', 'platform in use'])
    await keepSeals(folder, [first, institution], day('2026-04-01'))
    assert.deepEqual(await known(), ['inm in use', 'platform 2026-04-01', 'platform in use'])
    const half = join(folder, 'seals', `inm-${institution.certificate.sha256.slice(0, 16)}.json`)
    await writeFile(half, '{"holder": "inm", ')
    assert.deepEqual(await known(), ['platform 2026-04-01', 'platform in use'])
    await keepSeals(folder, [first, institution], day('2026-05-01'))
    assert.deepEqual(await known(), ['inm in use', 'platform 2026-04-01', 'platform in use'])
    await assert.rejects(loseSeal(folder, 'ab'.repeat(32), day('2026-05-20')), /was ever in use/)
    await loseSeal(folder, institution.certificate.sha256.toUpperCase(), day('2026-05-20'))
    await assert.rejects(keepSeals(folder, [first, institution], day('2026-06-01')), /is lost: use another/)
    await keepSeals(folder, [first], day('2026-06-01'))
    assert.ok((await readTrustedFrom(folder, undefined)).seals.find(({ holder }) => holder === 'inm')?.lost)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
