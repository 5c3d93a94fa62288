export { toCpsvAp } from './cpsv-ap.ts'
export { dataSchemaOf, type JsonSchema } from './data-schema.ts'
export {
  catalogueSchema,
  type Ficha,
  fichaSchema,
  type Institution,
  institutionSchema,
  type Lists,
  listsSchema,
  type Online,
  type PackSettings,
} from './ficha.ts'
export { type Answers, askedQuestions, isAnswered, nextQuestion, toData } from './form/flow.ts'
export { type Posted, parseAnswer } from './form/parse-answer.ts'
export { parseGroupItem } from './form/parse-group.ts'
export { type AnswerRow, answerRows, showItem, showValue } from './form/show-answer.ts'
export { lengthOf, readLines } from './form/written-text.ts'
export { loadPack, type Pack } from './load-pack.ts'
export { type Catalogue, openCatalogue } from './open-catalogue.ts'
export { findPostalCode, importPostalCodes, type PostalCode, parsePostalCodes } from './postal-codes.ts'
export { publishPack } from './publish.ts'
export { addressFields, type FileQuestion, type GroupQuestion, type Question, type SimpleQuestion } from './question.ts'
export type { Search } from './search.ts'
export { type AnswerCode, addressLabels, answerTexts } from './texts.ts'
export { validateData } from './validate-data.ts'
