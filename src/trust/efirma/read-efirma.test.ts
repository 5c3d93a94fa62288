import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { readEfirma } from './read-efirma.ts'

const folder = new URL('../../../../shared/samples/efirma/sat-test', import.meta.url).pathname
const skip = existsSync(folder) ? false : 'the tax service’s test people are not here'
const read = (file: string) => readEfirma(parseCertificate(readFileSync(join(folder, file))))

test('a person’s e.firma', { skip }, () => {
  assert.deepEqual(read('cacx7605101p8.cer'), {
    kind: 'person',
    rfc: 'CACX7605101P8',
    curp: 'CACX760510MGTSHC04',
    name: 'XOCHILT CASAS CHAVEZ',
    company: null,
    representative: null,
    email: 'pruebas@pruebas.gob.mx',
    serial: '30001000000400002300',
  })
})

test('a company’s e.firma names the company and who represents it', { skip }, () => {
  assert.deepEqual(read('eku9003173c9.cer'), {
    kind: 'company',
    rfc: 'XIQB891116QE4',
    curp: 'XIQB891116MGRMZR05',
    name: 'ESCUELA KEMPER URGATE SA DE CV',
    company: { rfc: 'EKU9003173C9', name: 'ESCUELA KEMPER URGATE SA DE CV' },
    representative: { rfc: 'XIQB891116QE4', curp: 'XIQB891116MGRMZR05', name: null },
    email: 'SATpruebas@pruebas.gob.mx',
    serial: '30001000000400002417',
  })
})

test('names and identifiers with Ñ and & come out right', { skip }, () => {
  const inan = read('iañl750210963.cer')
  assert.deepEqual([inan?.name, inan?.rfc, inan?.curp], ['LUIS IAN ÑUZCO', 'IAÑL750210963', 'IANL750210HSRNZS09'])
  const herreria = read('h&e951128469.cer')
  assert.deepEqual(herreria?.company, { rfc: 'H&E951128469', name: 'HERRERIA & ELECTRICOS S DE CV' })
})

test('every invoice seal is told from every e.firma', { skip }, () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.cer'))
  assert.equal(files.length, 12)
  for (const file of files) assert.equal(read(file)?.kind === 'seal', file.endsWith('_csd.cer'), file)
})

test('an authority’s certificate is nobody’s', { skip }, () => {
  const authority = readFileSync(join(folder, '../authorities/AC_UAT_2022.cer'))
  assert.equal(readEfirma(parseCertificate(authority)), undefined)
})
