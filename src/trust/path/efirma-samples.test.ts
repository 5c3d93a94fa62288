import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { attributeValue } from '#trust/certificate/name.ts'
import { type Certificate, parseCertificate } from '#trust/certificate/parse-certificate.ts'
import { OID } from '#trust/der/oids.ts'
import { checkPath, type PathReport } from './check-path.ts'

const folder = new URL('../../../../shared/samples/efirma', import.meta.url).pathname
const skip = existsSync(folder) ? false : "the tax service's samples are not here"
const read = (name: string): Certificate => parseCertificate(readFileSync(join(folder, name)))
const authority = (name: string): Certificate => read(`authorities/${name}.cer`)

const check = (certificate: Certificate, anchor: string, middles: string[], at: string): PathReport =>
  checkPath({
    certificate,
    trustAnchors: [authority(anchor)],
    intermediates: middles.map(authority),
    at: new Date(at),
    revocation: 'none',
  })

const BOTH = ['AC_UAT_2022', 'AC_4096_2018']
const subject = ({ subject: name }: Certificate, oid: string): string | undefined => attributeValue(name, oid)

test('every sample is read, with its serial as digits', { skip }, () => {
  for (const part of ['authorities', 'sat-test']) {
    for (const name of readdirSync(join(folder, part)).filter((each) => each.endsWith('.cer'))) {
      const certificate = read(join(part, name))
      assert.match(certificate.serialText, /^\d{20}$/)
      assert.equal(certificate.publicKey.asymmetricKeyType, 'rsa')
      assert.deepEqual(certificate.unknownCritical, [])
    }
  }
})

test('names and numbers come out right, Ñ and & included', { skip }, () => {
  const files = readdirSync(join(folder, 'sat-test'))
  const person = read(join('sat-test', files.find((each) => /^ia.+963\.cer$/.test(each))!))
  assert.equal(subject(person, OID.commonName), 'LUIS IAN ÑUZCO')
  assert.equal(subject(person, OID.x500UniqueIdentifier), 'IAÑL750210963')
  assert.equal(subject(person, OID.serialNumber), 'IANL750210HSRNZS09')
  const company = read('sat-test/h&e951128469.cer')
  assert.equal(subject(company, OID.x500UniqueIdentifier), 'H&E951128469 / XOJI740919U48')
  assert.equal(subject(company, OID.serialNumber), ' / XOJI740919MQTDMN02')
  assert.equal(subject(authority('ac2_4096_DER'), OID.organizationName), 'Servicio de Administración Tributaria')
})

test('the test people of 2019 pass at the clock of 2021, without any key identifier', { skip }, () => {
  const people = readdirSync(join(folder, 'sat-test')).filter((each) => each.endsWith('.cer') && !each.includes('2027'))
  assert.equal(people.length, 10)
  for (const name of people) {
    const person = read(join('sat-test', name))
    assert.equal(person.aki, undefined)
    const report = check(person, 'arcbeta_crt_raiz', BOTH, '2021-06-29T15:00:00Z')
    assert.equal(report.indication, 'PASSED', `${name}: ${report.reason}`)
    assert.equal(report.path[1]?.sha256, authority('AC_4096_2018').sha256)
    assert.equal(check(person, 'arcbeta_crt_raiz', BOTH, '2026-11-24T00:00:00Z').subIndication, 'OUT_OF_BOUNDS_NO_POE')
    assert.equal(check(person, 'ARC_UAT_2022', BOTH, '2021-06-29T15:00:00Z').indication, 'INDETERMINATE')
  }
})

test('the company of 2027 passes today, under the other authority called AC UAT', { skip }, () => {
  const company = read('sat-test/eku9003173c9_2027.cer')
  const report = check(company, 'ARC_UAT_2022', BOTH, '2026-11-24T12:00:00Z')
  assert.equal(report.indication, 'PASSED', report.reason)
  assert.equal(report.path[1]?.sha256, authority('AC_UAT_2022').sha256)
  assert.equal(
    check(company, 'ARC_UAT_2022', ['AC_4096_2018'], '2026-11-24T12:00:00Z').subIndication,
    'NO_CERTIFICATE_CHAIN_FOUND',
  )
})

test("an anchor's own signature is not judged, though it is SHA-1", { skip }, () => {
  const anchor = authority('arcbeta_crt_raiz')
  assert.equal(anchor.signatureAlgorithm.oid, OID.sha1WithRsa)
  assert.equal(check(authority('AC_4096_2018'), 'arcbeta_crt_raiz', [], '2021-06-29T15:00:00Z').indication, 'PASSED')
})

test('the production hierarchy holds together, and under SHA-1 nothing does', { skip }, () => {
  const responder = authority('ocsp.ac5_sat')
  assert.equal(check(responder, 'ARC5_IES', ['AC5_SAT'], '2024-06-01T00:00:00Z').indication, 'PASSED')
  const old = check(authority('ac2_4096_DER'), 'ARC_UAT', [], '2013-01-01T00:00:00Z')
  assert.equal(old.subIndication, 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE')
})
