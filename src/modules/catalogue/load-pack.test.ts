import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { PackFault } from '#kernel/pack-file.ts'
import { loadPack } from './index.ts'

const pack = new URL('../../../packs/mx', import.meta.url).pathname
const known = {
  calendars: new Set(['lfpa-28', 'cff-12']),
  noticeRules: new Map([
    ['mx-lfea-11', { matters: ['administrative'] }],
    ['mx-cff-134', { matters: ['fiscal'] }],
    ['mx-lfpa-35', { matters: ['administrative', 'fiscal'] }],
  ]),
}
const service = 'services/cofepris-aviso-funcionamiento.yaml'

describe('loading a pack', () => {
  let copy: string
  before(async () => {
    copy = await mkdtemp(join(tmpdir(), 'ventanilla-pack-'))
    await cp(pack, copy, { recursive: true })
  })
  after(() => rm(copy, { recursive: true, force: true }))

  async function fault(from: string | RegExp, to: string): Promise<string> {
    const text = await readFile(join(pack, service), 'utf8')
    assert.match(text, from instanceof RegExp ? from : new RegExp(from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    await writeFile(join(copy, service), text.replace(from, to))
    const error = await loadPack({ packDir: copy, ...known }).then(
      () => assert.fail('the fault was not seen'),
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof PackFault, String(error))
    await writeFile(join(copy, service), text)
    return error.message
  }

  test('the pack of this country loads whole', async () => {
    const loaded = await loadPack({ packDir: pack, ...known })
    assert.ok(loaded.fichas.length >= 1)
    assert.equal(loaded.settings.country, 'MX')
  })

  test('an unknown field, a missing translation, a rule on a field that does not exist: file, line and reason', async () => {
    assert.match(
      await fault('inspection:', 'inspecton:'),
      /^services\/cofepris-aviso-funcionamiento\.yaml:\d+: unknown field «inspecton»/,
    )
    assert.match(
      await fault('plainName: { es: Aviso de funcionamiento, en: Notice of operation }', 'plainName: { es: Aviso }'),
      /:\d+: plainName: missing translation «en»/,
    )
    assert.match(
      await fault('when: { question: activity, is: [food] }', 'when: { question: activty, is: [food] }'),
      /:1\d\d: there is no question «activty» before it/,
    )
    assert.match(
      await fault('when: { question: activity, is: [food] }', 'when: { question: activity, is: [fod] }'),
      /«activity» is never «fod»/,
    )
    assert.match(
      await fault('when: { question: activity, is: [food] }', 'when: { question: staff, is: [food] }'),
      /there is no question «staff» before it/,
    )
    assert.match(
      await fault('institution: cofepris\n', 'institution: cofeprix\n'),
      /:6: unknown institution «cofeprix»/,
    )
    assert.match(await fault('lifeEvents: [abrir-un-negocio]', 'lifeEvents: [abrir]'), /unknown «abrir»/)
    assert.match(
      await fault('noticeRule: mx-lfea-11', 'noticeRule: mx-cff-134'),
      /«mx-cff-134» is not for administrative acts/,
    )
    assert.match(await fault('    staff: 4\n', '    staff: 0\n'), /the example is not valid: staff/)
    assert.match(await fault('    activity: food\n', '    activity: drinks\n'), /servesOnSite/)
    assert.match(await fault('id: cofepris-aviso-funcionamiento', 'id: other'), /the file is not named other\.yaml/)
    assert.match(await fault('version: "2"', 'version: [1'), /:\d+: /)
  })
})
