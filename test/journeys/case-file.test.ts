import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { readManifest } from '#trust/asic/read-manifest.ts'
import { samplePdf } from '../../bin/client/sample-attachment.ts'
import { openShopClient } from '../../bin/client/shop.ts'
import { newContext, openBrowser } from '../support/browser.ts'
import { startShop, type TestShop } from '../support/shop.ts'
import {
  ask,
  caseOf,
  decide,
  enterAs,
  entriesOf,
  kinds,
  openNotice,
  type Person,
  pause,
  prevent,
  sha256,
  sign,
  until,
} from './case-file-errands.ts'
import { arrive, go, press, signIn, type Walker } from './steps.ts'

const run = promisify(execFile)
const ventanilla = fileURLToPath(new URL('../../bin/ventanilla', import.meta.url))

/** The whole file of a case: who gets which copy, what is in it, and who accepts it. */
describe('the file of a case', () => {
  let shop: TestShop
  let browser: Browser
  before(async () => {
    // The record of the seal's uses is in the log too.
    shop = await startShop({ LOG_LEVEL: 'info' })
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await shop?.stop()
  })
  const enter = (id: string) => enterAs(shop, id)
  const folder = (name: string) => join(shop.dataDir, name)
  const refused = (code: string) => (error: { code?: string }) => error.code === code

  let folio = ''
  let guadalupe: Person
  let whole: Buffer

  test('the person’s copy holds what they may read, and no more before the notice is signed for', async () => {
    guadalupe = await enter('guadalupe')
    folio = await ask(guadalupe)
    const path = `/api/v1/cases/${folio}/file`
    assert.deepEqual(kinds(await guadalupe.shop.download(path)), ['application', 'receipt'])
    await decide(await enter('cofepris-signer'), folio, 'Reúne lo que la norma pide para ello.')
    const closed = await guadalupe.shop.download(path)
    const signer = await enter('cofepris-signer')
    assert.ok(kinds(await signer.shop.download(`/api/v1/office/cases/${folio}/file`)).includes('decision'))
    assert.ok(!kinds(closed).includes('decision'))
    assert.ok(
      ![...entriesOf(closed).values()].some((bytes) => /Reúne lo que la norma pide|"particulars"/.test(String(bytes))),
    )
    await openNotice(guadalupe, folio)
    // The certificate of service follows by itself.
    whole = await until(async () => {
      const file = await guadalupe.shop.download(path)
      return kinds(file).includes('constancia') ? file : undefined
    })
    assert.ok(['application', 'receipt', 'decision', 'notice-receipt'].every((kind) => kinds(whole).includes(kind)))
    const { format, reader, status, files } = caseOf(whole)
    assert.deepEqual([format, reader, status], ['ventanilla case-file 1', 'person', 'granted'])
    assert.ok(files.some(({ name, section }) => section === 'attachments' && /^anexos\/01-[a-z0-9-]+\.pdf$/.test(name)))
    assert.ok(files.some(({ name }) => /^pruebas\/01-submitted-log-proof\.txt$/.test(name)))
    assert.match(String(entriesOf(whole).get('pruebas/notices.json')), /"particulars"/)
  })

  test('every file listed is there and as issued; mimetype comes first, as it is; each is covered by the seal', () => {
    const entries = entriesOf(whole)
    assert.equal([...entries.keys()][0], 'mimetype')
    assert.equal(whole.toString('latin1', 30, 38), 'mimetype')
    assert.equal(whole.toString('latin1', 38, 69), 'application/vnd.etsi.asic-e+zip')
    for (const { name, section, sha256: digest, bytes: size, issued } of caseOf(whole).files) {
      const bytes = entries.get(name)
      assert.ok(bytes, name)
      assert.deepEqual([sha256(bytes), bytes.length], [digest, size], name)
      assert.equal(issued !== undefined, section === 'documents', name)
      // What was added since, so that it lasts, follows the document as it was issued.
      if (issued) assert.equal(sha256(bytes.subarray(0, issued.bytes)), issued.sha256, name)
    }
    const { objects } = readManifest(entries.get('META-INF/ASiCManifest001.xml')!)
    const covered = new Map(objects.map(({ name, digest }) => [name, digest.toString('hex')]))
    for (const [name, bytes] of entries)
      if (name !== 'mimetype' && !name.startsWith('META-INF/')) assert.equal(covered.get(name), sha256(bytes), name)
  })

  test('unzip and openssl are enough to check it', async () => {
    const at = await mkdtemp(join(tmpdir(), 'ventanilla-case-file-'))
    await writeFile(join(at, 'a.asice'), whole)
    await run('unzip', ['-tq', 'a.asice'], { cwd: at })
    await run('unzip', ['-q', 'a.asice'], { cwd: at })
    const pem = (await readdir(folder('trust'))).filter((name) => name.endsWith('.cer'))
    const anchors = await Promise.all(pem.map((name) => run('openssl', ['x509', '-in', join(folder('trust'), name)])))
    await writeFile(join(at, 'anchors.pem'), anchors.map(({ stdout }) => stdout).join(''))
    const trust = ['-CAfile', 'anchors.pem', '-purpose', 'any', '-partial_chain', '-no_check_time']
    const signature = ['-in', 'META-INF/signature001.p7s', '-inform', 'DER', '-binary', '-cades', ...trust]
    const content = ['-content', 'META-INF/ASiCManifest001.xml', '-out', 'signed.xml']
    await run('openssl', ['cms', '-verify', ...signature, ...content], { cwd: at })
    await writeFile(join(at, 'META-INF/ASiCManifest001.xml'), 'something else')
    await assert.rejects(run('openssl', ['cms', '-verify', ...signature, ...content], { cwd: at }))
  })

  test('ours verifies it offline: who sealed it, the log’s proof, and each document in it', async () => {
    const file = join(folder('out'), 'whole.asice')
    await writeFile(file, whole)
    const env = { ...process.env, DATA_DIR: shop.dataDir }
    const { stdout } = await run(ventanilla, ['verify', file, '--json'], { env })
    const said = JSON.parse(stdout) as {
      verdict: string
      kind: string
      folio: string
      log: { indication: string }
      inside: Array<{ name: string; verdict: string }>
    }
    assert.deepEqual(
      [said.verdict, said.kind, said.folio, said.log.indication],
      ['sound', 'case-file', folio, 'PASSED'],
    )
    const documents = said.inside.filter(({ name }) => name.startsWith('documentos/'))
    assert.ok(documents.length >= 4)
    assert.ok(documents.every(({ verdict }) => verdict === 'sound'))
    const broken = Buffer.from(whole)
    broken[whole.length >> 1]! ^= 1
    await writeFile(file, broken)
    await assert.rejects(run(ventanilla, ['verify', file], { env }), (error: { code?: number }) => error.code === 1)
  })

  test('who asks again gets the same bytes, and the seal is not used again; the next act makes another file', async () => {
    const path = `/api/v1/cases/${folio}/file`
    const uses = () => shop.log().match(/"kind":"case-file"/g)?.length ?? 0
    assert.ok(uses() >= 3)
    // A document may get what makes it last in between: then it is another file, once.
    let last = whole
    for (let i = 0; i < 10; i++) {
      await pause(200)
      const before = uses()
      const again = await guadalupe.shop.download(path)
      await pause(200)
      const isSame = sha256(again) === sha256(last)
      assert.equal(uses(), isSame ? before : before + 1)
      last = again
      if (isSame) break
      assert.ok(i < 9, 'it is never the same twice')
    }
    const officer = await enter('cofepris-officer')
    const copy = await officer.shop.download(`/api/v1/office/cases/${folio}/file?purpose=archivo`)
    assert.equal(caseOf(copy).reader, 'institution')
    assert.deepEqual(caseOf(copy).looks, [])
    const later = await guadalupe.shop.download(path)
    assert.ok(caseOf(later).looks.some(({ purpose }) => purpose === 'archivo'))
    assert.notEqual(sha256(later), sha256(whole))
  })

  test('nobody else is told whether there is a case', async () => {
    const stranger = await enter('tomas')
    const foreign = await enter('indautor-signer')
    for (const name of [folio, 'ZZZZ-ZZZZ-ZZ', '../../x', 'x'.repeat(40)]) {
      const path = encodeURIComponent(name)
      await assert.rejects(stranger.shop.download(`/api/v1/cases/${path}/file`), refused('case-unknown'), name)
      await assert.rejects(foreign.shop.download(`/api/v1/office/cases/${path}/file`), refused('case-unknown'), name)
    }
    await assert.rejects(stranger.shop.download(`/api/v1/office/cases/${folio}/file`), refused('not-for-you'))
    const anybody = openShopClient(shop.url)
    for (const path of [`/api/v1/cases/${folio}/file`, `/api/v1/office/cases/${folio}/file`])
      await assert.rejects(anybody.download(path), refused('sign-in-first'))
    // The institution's own officer has no case of the person's.
    const officer = await enter('cofepris-officer')
    await assert.rejects(officer.shop.download(`/api/v1/cases/${folio}/file`), refused('case-unknown'))
  })

  test('what was handed in with an answer is in it; an act that is still to be handed over in person is not', async () => {
    const inaki = await enter('inaki')
    const officer = await enter('cofepris-officer')
    const answered = await ask(inaki)
    await prevent(officer, answered, 'El plano, legible.')
    await openNotice(inaki, answered)
    const own = `/api/v1/cases/${answered}`
    const plan = { name: 'Plano del Ñandú.PDF', type: 'application/pdf', bytes: samplePdf('Plano') }
    await inaki.shop.upload(`${own}/answer/attachments`, plan)
    const unsent = caseOf(await inaki.shop.download(`${own}/file`))
    assert.equal(unsent.files.filter(({ section }) => section === 'attachments').length, 1)
    await sign(inaki, `${own}/answer`, { answer: 'Adjunto el plano que se pidió.' })
    const { files } = caseOf(await inaki.shop.download(`${own}/file`))
    assert.ok(files.some(({ name }) => name === 'anexos/02-plano-del-nandu.pdf'))

    const inPerson = await ask(inaki, false)
    await prevent(officer, inPerson, 'El plano, legible.')
    const before = await inaki.shop.download(`/api/v1/cases/${inPerson}/file`)
    assert.deepEqual(kinds(before), ['application', 'receipt'])
    assert.ok(![...entriesOf(before).values()].some((bytes) => bytes.includes('El plano, legible')))
    assert.ok(kinds(await officer.shop.download(`/api/v1/office/cases/${inPerson}/file`)).includes('prevention'))
  })

  test('HEAD tells what would come, and takes no place', async () => {
    const headers = { authorization: `Bearer ${guadalupe.shop.token}` }
    for (let i = 0; i < 3; i++) {
      const { status, headers: told } = await fetch(`${shop.url}/api/v1/cases/${folio}/file`, {
        method: 'HEAD',
        headers,
      })
      assert.equal(status, 200)
      assert.equal(told.get('content-disposition'), `attachment; filename="${folio}.asice"`)
      assert.equal(told.get('cache-control'), 'no-store')
      await pause(100)
    }
  })

  test('many at once by one account: one is made, the others wait their turn; nothing stays on the disk', async () => {
    const asked = await Promise.allSettled(
      Array.from({ length: 6 }, () => guadalupe.shop.download(`/api/v1/cases/${folio}/file`)),
    )
    const done = asked.filter(({ status }) => status === 'fulfilled')
    assert.ok(done.length >= 1)
    for (const each of asked) if (each.status === 'rejected') assert.equal(each.reason.message.includes('503'), true)
    // Whoever goes away, before the answer or in the middle of it, leaves no place taken.
    const headers = { authorization: `Bearer ${guadalupe.shop.token}` }
    for (const milliseconds of [1, 10, 20, undefined]) {
      const gone = new AbortController()
      if (milliseconds) setTimeout(() => gone.abort(), milliseconds)
      await fetch(`${shop.url}/api/v1/cases/${folio}/file`, { headers, signal: gone.signal }).catch(() => {})
      gone.abort()
      await until(() => guadalupe.shop.download(`/api/v1/cases/${folio}/file`).catch(() => undefined))
    }
    assert.deepEqual(
      (await readdir(shop.dataDir)).filter((name) => name.startsWith('case-file')),
      [],
    )
  })

  test('the command line saves both copies', async () => {
    const as = (id: string) => {
      const { cer, key, passwordFile } = shop.person(id)
      return ['--server', shop.url, '--cer', cer, '--key', key, '--password-file', passwordFile, '--json']
    }
    for (const [who, id] of [
      ['citizen', 'guadalupe'],
      ['officer', 'cofepris-officer'],
    ] as const) {
      const out = folder(`cli-${who}`)
      const { stdout } = await run(ventanilla, [who, 'file', folio, '--out', out, ...as(id)])
      const said = JSON.parse(stdout) as { file: string; bytes: number; sha256: string }
      const saved = await readFile(said.file)
      assert.equal(said.file, join(out, `${folio}.asice`))
      assert.deepEqual([saved.length, sha256(saved)], [said.bytes, said.sha256])
    }
  })

  for (const [language, label, name] of [
    ['es', 'Descargar el expediente completo', 'indice.html'],
    ['en', 'Download the whole case file', 'index.html'],
  ] as const)
    test(`on the case’s page, ${language}: the person and the officer download it, and its index reads well`, async () => {
      const context = await newContext(browser, { language })
      const walker: Walker = { page: await context.newPage(), shop, name: `${language}-case-file` }
      const { page } = walker
      const download = async () => {
        const [saved] = await Promise.all([page.waitForEvent('download'), press(walker, label)])
        return readFile(await saved.path())
      }
      await signIn(walker, 'guadalupe')
      await go(walker, `/solicitudes/${folio}`, 'case')
      const own = await download()
      assert.deepEqual(caseOf(own).reader, 'person')
      const at = await mkdtemp(join(tmpdir(), 'ventanilla-case-file-'))
      await writeFile(join(at, 'a.asice'), own)
      await run('unzip', ['-q', 'a.asice'], { cwd: at })
      await page.goto(`file://${join(at, name)}`)
      await arrive(walker, 'index')
      assert.match((await page.locator('main').textContent())!, new RegExp(folio))
      await page.goto(`${shop.url}/verificar`)
      await page.setInputFiles('#archivo', { name: 'a.asice', mimeType: 'application/octet-stream', buffer: own })
      await page.locator('main form[enctype] button').click()
      await page.waitForLoadState('load')
      await arrive(walker, 'verdict')
      assert.match((await page.locator('main').textContent())!, /auténtico y está completo|authentic and whole/)
      // The office's page is the same in both languages but for its words.
      if (language === 'en') return context.close()
      await page.goto(`${shop.url}/solicitudes`)
      await page.locator('form[action="/salir"] button').click()
      await signIn(walker, 'cofepris-officer')
      await page.goto(`${shop.url}/oficina/${folio}`)
      await page.locator('input[name="motivo"]').first().check()
      await press(walker, 'Abrir el expediente', 'office-case')
      assert.deepEqual(caseOf(await download()).reader, 'institution')
      await context.close()
    })
})
