import type { Language } from '#kernel/texts.ts'

/** What `trust` says of later changes, in Spanish: it speaks English alone. By the sentence itself; a test holds that none is missing. */
const spanish: Readonly<Record<string, string>> = {
  'A certificate that it carries is nobody’s.': 'Lleva un certificado que no es de nadie.',
  'A field of the form was changed in a way that the signature does not permit.':
    'Se cambió un campo del formulario de un modo que la firma no permite.',
  'A field was added that is not a signature field, or that may not be seen.':
    'Se agregó un campo que no es de firma, o que no debe verse.',
  'A later part has two kinds of references.': 'Una parte posterior del archivo se puede leer de dos maneras.',
  'A later part names cross-references that are not in use.':
    'Una parte posterior del archivo remite a un índice que no se usa.',
  'A later part of the file cannot be read.': 'Una parte posterior del archivo no se puede leer.',
  'A later part of the file does not go on from what was signed.':
    'Una parte posterior del archivo no continúa lo que se firmó.',
  'A later part of the file holds something that nothing refers to.': 'Una parte posterior del archivo esconde algo.',
  'A later part of the file refers to hidden content of the signed one.':
    'Una parte posterior del archivo muestra contenido que estaba escondido al firmar.',
  'A page or something on it was changed.': 'Se cambió una página o algo en ella.',
  'A signature’s look was put over or beside what was signed.':
    'La imagen de una firma se puso encima o junto a lo que se había firmado.',
  'Another field has the name of this signature’s.': 'Otro campo tiene el mismo nombre que el de esta firma.',
  'Later revisions add only signatures, permitted entries of the form, time-stamps or validation data.':
    'Después solo se agregaron firmas, datos permitidos del formulario, sellos de tiempo o datos de validación.',
  'No field of what is signed holds this signature.':
    'Esta firma no está en ningún campo de lo que se firmó: se trajo de otra parte.',
  'Somebody else signed after the seal.': 'Alguien más firmó después del sello.',
  'Something was added after the last signature.': 'Se agregó algo después de la última firma.',
  'Something was put on a page, or taken from it.': 'Se puso algo en una página, o se quitó de ella.',
  'The document’s catalog was changed.': 'Se cambió la estructura principal del documento.',
  'The file does not end where a PDF ends.': 'El archivo no termina donde termina un PDF.',
  'The file was changed too much to be judged.': 'El archivo se cambió demasiado para poder juzgarlo.',
  'The file was changed too often to be judged.': 'El archivo se cambió demasiadas veces para poder juzgarlo.',
  'The file’s revisions cannot be read.': 'Las versiones guardadas del archivo no se pueden leer.',
  'The file’s trailer leads elsewhere than when it was signed.':
    'El archivo ahora lleva a otro contenido que el que se firmó.',
  'The form was changed in ways other than signing.': 'El formulario se cambió de otro modo que al firmar.',
  'The message carries a time-stamp that does not hold.': 'La firma lleva un sello de tiempo que no es válido.',
  'The message carries an attribute that is not signed.': 'La firma lleva un dato que nadie firmó.',
  'The message carries answers about revocation.': 'La firma lleva respuestas sobre revocación que nadie firmó.',
  'The message carries certificates of another kind.': 'La firma lleva certificados de otra clase.',
  'The message carries revocation lists.': 'La firma lleva listas de revocación que nadie firmó.',
  'The message is of a version that there is not.': 'La firma dice ser de una versión que no existe.',
  'The message lists other digests than the signer’s.': 'La firma nombra otros resúmenes que el de quien firmó.',
  'The signer is of a version that there is not.': 'Los datos de quien firmó dicen ser de una versión que no existe.',
  'The store of validation data was changed in ways other than additions.':
    'De los datos de validación se quitó o se cambió algo.',
  'The title or another description of the document was changed.':
    'Se cambió el título u otra descripción del documento.',
  'What is signed cannot be told from what is not.': 'No se distingue lo que se firmó de lo que no.',
  'What is signed does not end where a PDF ends.': 'Lo que se firmó no termina donde termina un PDF.',
}

/** What was done to a document after it was signed, one sentence in the reader's language. */
export const tellChange = (sentence: string, language: Language): string =>
  language === 'es' ? (spanish[sentence] ?? sentence) : sentence
