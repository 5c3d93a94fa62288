import { defineTexts } from '#kernel/texts.ts'

/** What is wrong with an answer, and what to do. */
export const answerTexts = defineTexts({
  missing: { es: 'Escriba una respuesta', en: 'Write an answer' },
  choose: { es: 'Elija una opción', en: 'Choose an option' },
  'not-asked': {
    es: 'Este dato no se pide con sus otras respuestas: quítelo',
    en: 'This is not asked with your other answers: remove it',
  },
  'not-valid': {
    es: 'Esta respuesta no tiene la forma que se pide: revísela',
    en: 'This answer does not have the form that is asked: check it',
  },
  'too-long': { es: 'Use a lo más {most} caracteres', en: 'Use at most {most} characters' },
  'too-short': { es: 'Escriba al menos {least} caracteres', en: 'Write at least {least} characters' },
  'too-small': { es: 'Debe ser {least} o más', en: 'It must be {least} or more' },
  'too-large': { es: 'Debe ser {most} o menos', en: 'It must be {most} or less' },
  number: { es: 'Escriba un número, como 12.5', en: 'Write a number, like 12.5' },
  'whole-number': { es: 'Escriba un número entero, como 12', en: 'Write a whole number, like 12' },
  money: { es: 'Escriba una cantidad en pesos, como 1,234.50', en: 'Write an amount in pesos, like 1,234.50' },
  'date-parts': {
    es: 'Escriba día, mes y año con números, como 27 3 2026',
    en: 'Write day, month and year in numbers, like 27 3 2026',
  },
  'date-impossible': {
    es: 'Esa fecha no existe: revise el día y el mes',
    en: 'That date does not exist: check the day and the month',
  },
  'date-future': { es: 'La fecha no puede ser posterior a hoy', en: 'The date cannot be after today' },
  'date-past': { es: 'La fecha no puede ser anterior a hoy', en: 'The date cannot be before today' },
  'curp-shape': {
    es: 'La CURP tiene 18 letras y números, como CACX760510MGTSHC04: revísela',
    en: 'The CURP has 18 letters and digits, like CACX760510MGTSHC04: check it',
  },
  'curp-impossible': {
    es: 'No hay CURP así: la fecha, el sexo o el estado que lleva no existen. Revísela letra por letra',
    en: 'There is no such CURP: the date, sex or state in it does not exist. Check it letter by letter',
  },
  'curp-digit': {
    es: 'El último dígito de la CURP no coincide. Revísela; si así está en su constancia, confírmelo abajo',
    en: 'The last digit of the CURP does not match. Check it; if your certificate says so, confirm it below',
  },
  'rfc-shape': {
    es: 'El RFC tiene 12 o 13 letras y números, como GODE561231GR8: revíselo',
    en: 'The RFC has 12 or 13 letters and digits, like GODE561231GR8: check it',
  },
  'rfc-impossible': {
    es: 'No hay RFC así: la fecha que lleva no existe o una letra está en otro lugar. Revíselo letra por letra',
    en: 'There is no such RFC: the date in it does not exist or a letter is out of place. Check it letter by letter',
  },
  'rfc-generic': {
    es: 'Ese RFC es genérico y no es de nadie. Escriba el de la persona o empresa',
    en: 'That RFC is a generic one and nobody’s. Write that of the person or company',
  },
  'rfc-digit': {
    es: 'El último dígito del RFC no coincide. Revíselo; si así está en su constancia de situación fiscal, confírmelo abajo',
    en: 'The last digit of the RFC does not match. Check it; if your certificate of tax status says so, confirm it below',
  },
  email: { es: 'Escriba un correo como nombre@ejemplo.mx', en: 'Write an e-mail address like name@example.mx' },
  phone: { es: 'Escriba los 10 dígitos del teléfono', en: 'Write the 10 digits of the phone number' },
  'postal-code': { es: 'El código postal tiene 5 dígitos', en: 'The postal code has 5 digits' },
  'postal-code-unknown': {
    es: 'No conocemos ese código postal. Escriba la colonia, el municipio y el estado',
    en: 'We do not know that postal code. Write the neighbourhood, the municipality and the state',
  },
  'address-street': { es: 'Escriba la calle', en: 'Write the street' },
  'address-exterior': { es: 'Escriba el número exterior, o «S/N»', en: 'Write the outside number, or “S/N”' },
  'address-postalCode': { es: 'Escriba el código postal', en: 'Write the postal code' },
  'address-settlement': { es: 'Escriba la colonia o localidad', en: 'Write the neighbourhood or town' },
  'address-municipality': { es: 'Escriba el municipio o alcaldía', en: 'Write the municipality' },
  'address-state': { es: 'Escriba el estado', en: 'Write the state' },
  'file-missing': { es: 'Adjunte el archivo que se pide', en: 'Attach the file that is asked for' },
  'group-few': { es: 'Agregue al menos {least}', en: 'Add at least {least}' },
  'group-many': { es: 'Agregue a lo más {most}', en: 'Add at most {most}' },
})
export type AnswerCode = keyof typeof answerTexts

export const addressLabels = defineTexts({
  street: { es: 'Calle', en: 'Street' },
  exterior: { es: 'Número exterior', en: 'Outside number' },
  interior: { es: 'Número interior (si tiene)', en: 'Inside number (if any)' },
  postalCode: { es: 'Código postal', en: 'Postal code' },
  settlement: { es: 'Colonia o localidad', en: 'Neighbourhood or town' },
  municipality: { es: 'Municipio o alcaldía', en: 'Municipality' },
  state: { es: 'Estado', en: 'State' },
})
