import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { encryptKey } from '#modules/demo/encrypt-key.ts'
import { issueCertificate, type NameParts } from '#modules/demo/issue-certificate.ts'
import { Failure } from '../../browser/efirma/failure.ts'

/** What tests here share: people with an e.firma made for the test, and the tax service's own. */
export interface TestPerson {
  certificate: Buffer
  /** As the tax service gives it: PBKDF2 with HMAC-SHA-1 and triple DES. */
  key: Buffer
  privateKey: KeyObject
}

export const PASSWORD = 'contraseña ñ'

const NAME: NameParts = [
  ['commonName', 'IÑAKI ÁNGEL MUÑOZ NÚÑEZ'],
  ['x500UniqueIdentifier', 'MUNI850210963'],
  ['serialNumber', 'MUNI850210HSRXXX09'],
]

export function makePerson(subject = NAME): TestPerson {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const certificate = issueCertificate({
    issuer: { name: [['commonName', 'AC']], key: privateKey },
    subject,
    publicKey: createPublicKey(privateKey),
    serial: '99990000000000000001',
    notBefore: new Date('2025-11-24T00:00:00Z'),
    notAfter: new Date('2029-11-24T06:00:00Z'),
    profile: 'efirma',
  })
  return { certificate, key: encryptKey(privateKey, PASSWORD), privateKey }
}

const folder = fileURLToPath(new URL('../../../shared/samples/efirma/sat-test/', import.meta.url))
export const withoutSamples = existsSync(folder) ? false : 'the tax service’s test people are not here'
export const SAMPLE_PASSWORD = '12345678a'
export const sampleNames = ['cacx7605101p8', 'xoji740919u48', 'iañl750210963', 'h&e951128469', 'eku9003173c9_2027']

export const readSample = (name: string) => ({
  certificate: readFileSync(`${folder}${name}.cer`),
  key: readFileSync(`${folder}${name}.key`),
})

export const failsWith = (code: string) => (error: unknown) => error instanceof Failure && error.code === code
