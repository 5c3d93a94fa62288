import { defineTexts } from '#kernel/texts.ts'
import type { ValidationSubIndication } from '#trust/validation/report.ts'

/** Why a signature does not count or cannot be told, and what would settle it, to somebody who never heard of EN 319 102-1. */
export const reasonTexts = defineTexts<ValidationSubIndication>({
  FORMAT_FAILURE: {
    es: 'La firma no tiene la forma que debe tener: está dañada o mal hecha.',
    en: 'The signature is not of the form that it must have: it is damaged or badly made.',
  },
  HASH_FAILURE: {
    es: 'Lo que hay aquí no es lo que se firmó: el contenido cambió después.',
    en: 'What is here is not what was signed: the content was changed afterwards.',
  },
  SIG_CRYPTO_FAILURE: {
    es: 'La firma no la hizo la llave que dice, o fue alterada.',
    en: 'The signature was not made by the key it names, or it was altered.',
  },
  NO_SIGNING_CERTIFICATE_FOUND: {
    es: 'Falta saber con qué certificado se firmó: no viene con la firma ni se conoce aquí.',
    en: 'It is not known with which certificate it was signed: it neither comes with the signature nor is it known here.',
  },
  SIG_CONSTRAINTS_FAILURE: {
    es: 'La firma es íntegra, pero después se agregó o cambió algo que no se puede aceptar.',
    en: 'The signature holds, but something was added or changed later that cannot be accepted.',
  },
  SIGNED_DATA_NOT_FOUND: {
    es: 'Falta el documento que se firmó o selló: no viene en este archivo.',
    en: 'The document that was signed or stamped is missing: it is not in this file.',
  },
  NO_CERTIFICATE_CHAIN_FOUND: {
    es: 'Ninguna autoridad en la que se confía aquí respalda a quien firmó.',
    en: 'No authority that is trusted here answers for the signer.',
  },
  CERTIFICATE_CHAIN_GENERAL_FAILURE: {
    es: 'No se pudo seguir hasta el final quién respalda el certificado de quien firmó.',
    en: 'It could not be followed to the end who answers for the signer’s certificate.',
  },
  CHAIN_CONSTRAINTS_FAILURE: {
    es: 'El certificado no se emitió para esto, o quien lo emitió no podía emitirlo.',
    en: 'The certificate was not issued for this, or whoever issued it was not allowed to.',
  },
  CRYPTO_CONSTRAINTS_FAILURE: {
    es: 'Se firmó con un método que ya no era seguro.',
    en: 'It was signed by a method that was no longer safe.',
  },
  CRYPTO_CONSTRAINTS_FAILURE_NO_POE: {
    es: 'Se firmó con un método que hoy ya no es seguro, y nada prueba que fuera antes de que dejara de serlo. Lo resolvería un sello de tiempo de entonces.',
    en: 'It was signed by a method that is no longer safe, and nothing proves that it was before. A time-stamp of that time would settle it.',
  },
  NOT_YET_VALID: {
    es: 'Se firmó antes de que el certificado empezara a valer.',
    en: 'It was signed before the certificate began to count.',
  },
  OUT_OF_BOUNDS_NO_POE: {
    es: 'El certificado de quien firmó ya venció, y nada prueba que firmara antes. Lo resolvería un sello de tiempo de cuando valía.',
    en: 'The signer’s certificate has ended, and nothing proves that it was signed before. A time-stamp from when it counted would settle it.',
  },
  OUT_OF_BOUNDS_NOT_REVOKED: {
    es: 'El certificado de quien firmó ya venció sin que nadie lo cancelara, pero nada prueba que firmara antes de que venciera. Lo resolvería un sello de tiempo de cuando valía.',
    en: 'The signer’s certificate ended without being cancelled, but nothing proves that it was signed before its end. A time-stamp from when it counted would settle it.',
  },
  REVOKED: {
    es: 'El certificado de quien firmó ya estaba cancelado.',
    en: 'The signer’s certificate was already cancelled.',
  },
  REVOKED_NO_POE: {
    es: 'El certificado de quien firmó fue cancelado, y nada prueba que firmara antes. Lo resolvería un sello de tiempo anterior a la cancelación.',
    en: 'The signer’s certificate was cancelled, and nothing proves that it was signed before. A time-stamp from before the cancellation would settle it.',
  },
  REVOKED_CA_NO_POE: {
    es: 'La autoridad que respalda a quien firmó perdió su propio certificado, y nada prueba que la firma sea anterior. Lo resolvería un sello de tiempo anterior.',
    en: 'The authority that answers for the signer lost its own certificate, and nothing proves that the signature is older. An earlier time-stamp would settle it.',
  },
  TRY_LATER: {
    es: 'Nadie ha dicho si el certificado estaba cancelado cuando se firmó. Lo resolvería una respuesta posterior de la autoridad que lo emitió.',
    en: 'Nobody has said whether the certificate was cancelled when it was signed. A later answer of the authority that issued it would settle it.',
  },
  NO_POE: {
    es: 'Nada prueba que lo necesario para creer en esta firma existiera a tiempo. Lo resolvería un sello de tiempo de entonces.',
    en: 'Nothing proves that what is needed to believe this signature was there in time. A time-stamp of that time would settle it.',
  },
  TIMESTAMP_ORDER_FAILURE: {
    es: 'Las horas que la firma lleva probadas se contradicen entre sí.',
    en: 'The times that are proven for the signature contradict each other.',
  },
})
