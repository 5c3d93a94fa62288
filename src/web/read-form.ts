export type Form = Record<string, string | string[] | undefined>

/**
 * A posted form as its handlers know it: names and texts, nothing else. Of a name that is there twice the first counts, unless the
 * form has lists.
 * @throws 400 for anything that no form of a browser sends
 */
export function readForm(body: unknown, lists: boolean): Form {
  if (body === undefined || body === null || body === '') return {}
  if (typeof body !== 'object' || Array.isArray(body) || Buffer.isBuffer(body)) throw malformed()
  const form: Form = Object.create(null)
  for (const [name, value] of Object.entries(body)) {
    const values: unknown[] = Array.isArray(value) ? value : [value]
    if (!values.every(isText)) throw malformed()
    form[name] = Array.isArray(value) && lists ? values : values[0]
  }
  return form
}

/** The database keeps no NUL, and no keyboard types one. */
const isText = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0')

const malformed = (): Error => Object.assign(new Error('this is not a form'), { statusCode: 400 })
