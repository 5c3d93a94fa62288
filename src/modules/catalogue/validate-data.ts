import type { ErrorObject, ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Checked, FieldError } from '#kernel/refusal.ts'
import { dataSchemaOf } from './data-schema.ts'
import type { Ficha } from './ficha.ts'
import { faultOf } from './form/check-value.ts'
import type { Question } from './question.ts'

const ajv = new Ajv2020({ allErrors: true, strict: false })
addFormats.default(ajv, ['date', 'email'])
const compiled = new Map<string, ValidateFunction>()
const MOST_ERRORS = 20

/**
 * Whether a data document is valid for this version of the service; the same check for a page and for a program: the
 * published schema, and what a schema cannot say (`faultOf`).
 * @param today `YYYY-MM-DD` in the shop's zone; without it no date is held against today
 */
export function validateData(ficha: Ficha, data: unknown, today: string | undefined): Checked<Record<string, unknown>> {
  const key = `${ficha.id} ${ficha.version}`
  const validate = compiled.get(key) ?? ajv.compile({ ...dataSchemaOf(ficha), $id: undefined })
  compiled.set(key, validate)
  const errors = validate(data)
    ? faultsIn(ficha.online?.questions ?? [], data as Record<string, unknown>, today)
    : dedupe((validate.errors ?? []).map((error) => fieldError(error, ficha)))
  return errors.length === 0
    ? { ok: true, value: data as Record<string, unknown> }
    : { ok: false, errors: errors.slice(0, MOST_ERRORS) }
}

function faultsIn(
  questions: readonly Question[],
  data: Record<string, unknown>,
  today: string | undefined,
  path = '',
): FieldError[] {
  return questions.flatMap((question): FieldError[] => {
    const [value, field] = [data[question.id], path + question.id]
    if (value === undefined || question.type === 'file') return []
    if (question.type === 'group')
      return (value as Array<Record<string, unknown>>).flatMap((item, i) =>
        faultsIn(question.fields, item, today, `${field}.${i}.`),
      )
    const code = faultOf(question, value, today)
    return code ? [{ field, code }] : []
  })
}

function fieldError({ instancePath, keyword, params, schemaPath }: ErrorObject, ficha: Ficha): FieldError {
  const path = instancePath.split('/').slice(1)
  const { missingProperty, additionalProperty } = params as { missingProperty?: string; additionalProperty?: string }
  if (missingProperty !== undefined) return { field: [...path, missingProperty].join('.'), code: 'missing' }
  if (additionalProperty !== undefined) return { field: [...path, additionalProperty].join('.'), code: 'not-asked' }
  if (keyword !== 'not' && keyword !== 'if') return { field: path.join('.'), code: 'not-valid' }
  // A condition's branch stands at `allOf/N`, in the order of the questions that have one (data-schema.ts).
  const conditional = (ficha.online?.questions ?? []).filter(({ type, when }) => type !== 'file' && when)
  const index = Number(/allOf\/(\d+)/.exec(schemaPath)?.[1] ?? -1)
  return { field: conditional[index]?.id ?? '', code: 'not-asked' }
}

/** One fault a field: an `allOf` repeats what its branch already said. */
function dedupe(errors: FieldError[]): FieldError[] {
  const kept = new Map<string, FieldError>()
  for (const error of errors) if (error.field !== '' && !kept.has(error.field)) kept.set(error.field, error)
  return kept.size > 0 ? [...kept.values()] : [{ field: '', code: 'not-valid' }]
}
