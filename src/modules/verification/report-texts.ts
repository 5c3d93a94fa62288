import { defineTexts } from '#kernel/texts.ts'
import type { ValidationCheckName } from '#trust/validation/report.ts'
import type { FileFormat } from '#trust/validation/tell-format.ts'

/** The words of the report on paper. */
export const reportTexts = defineTexts({
  title: { es: 'Informe de verificación', en: 'Verification report' },
  file: { es: 'Archivo', en: 'File' },
  sha256: { es: 'Huella del archivo (SHA-256)', en: 'Digest of the file (SHA-256)' },
  format: { es: 'Formato', en: 'Format' },
  at: { es: 'Verificado el', en: 'Verified on' },
  sound: { es: 'Íntegro', en: 'Sound' },
  trusted: { es: 'De confianza', en: 'Trusted' },
  yes: { es: 'Sí', en: 'Yes' },
  no: { es: 'No', en: 'No' },
  signatures: { es: 'Firmas y sellos', en: 'Signatures and seals' },
  proves: { es: 'Qué prueba', en: 'What it proves' },
  'does-not-prove': { es: 'Qué no prueba', en: 'What it does not prove' },
  technical: { es: 'Comprobaciones', en: 'Checks' },
  result: { es: 'Resultado (ETSI EN 319 102-1)', en: 'Result (ETSI EN 319 102-1)' },
  level: { es: 'Nivel', en: 'Level' },
  certificate: { es: 'Certificado', en: 'Certificate' },
  'certificate.value': {
    es: '{name}, número {serial}, emitido por {issuer}',
    en: '{name}, number {serial}, issued by {issuer}',
  },
  anchor: { es: 'Con respaldo de', en: 'Backed by' },
  'anchor.value': { es: '{name} (SHA-256 {sha256})', en: '{name} (SHA-256 {sha256})' },
  'anchor.demo': { es: '{name}, de demostración (SHA-256 {sha256})', en: '{name}, of a demo (SHA-256 {sha256})' },
  best: { es: 'Se sabe que existía el', en: 'Known to have been there on' },
  evidence: { es: 'con {count} pruebas', en: 'with {count} pieces of evidence' },
  'evidence.one': { es: 'con una prueba', en: 'with one piece of evidence' },
  changes: { es: 'Qué cambió después', en: 'What changed afterwards' },
  inside: { es: 'Documentos que contiene', en: 'Documents inside' },
  closing: {
    es: 'Este informe dice lo que se pudo comprobar de ese archivo en ese momento, sin preguntar a nadie. Cambiar un solo byte del archivo cambia su huella, y entonces este informe ya no es de él. Los datos completos van dentro de este PDF (data.json).',
    en: 'This report says what could be checked of that file at that moment, without asking anybody. To change one byte of the file changes its digest, and then this report is no longer of it. The whole data are inside this PDF (data.json).',
  },
  ok: { es: 'bien', en: 'good' },
  failed: { es: 'mal', en: 'bad' },
  unknown: { es: 'no se sabe', en: 'not known' },
})

/** As the standards write them. */
export const formatNames: Record<FileFormat, string> = {
  pdf: 'PDF',
  cms: 'CMS (RFC 5652)',
  'asic-e': 'ASiC-E (EN 319 162-1)',
  'time-stamp': 'RFC 3161',
  'time-stamp-response': 'RFC 3161',
  certificate: 'X.509',
  'log-proof': 'C2SP tlog-proof',
  checkpoint: 'C2SP tlog-checkpoint',
  unknown: '?',
}

export const checkTexts = defineTexts<ValidationCheckName>({
  format: { es: 'Forma', en: 'Form' },
  integrity: { es: 'Contenido y firma', en: 'Content and signature' },
  constraints: { es: 'Reglas', en: 'Rules' },
  'time-stamps': { es: 'Sellos de tiempo', en: 'Time-stamps' },
  existence: { es: 'Prueba de existencia', en: 'Proof of existence' },
  algorithms: { es: 'Métodos', en: 'Methods' },
  chain: { es: 'Quién la respalda', en: 'Who answers for it' },
  validity: { es: 'Vigencia', en: 'Validity' },
  revocation: { es: 'Cancelación', en: 'Cancellation' },
})
