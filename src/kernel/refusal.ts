/** Plain values that a refusal's sentence names: never personal data beyond what the same person just typed. */
export type Facts = Readonly<Record<string, string | number>>

/**
 * A rule that says no. The code belongs to the union of the module that throws it, and that module's `texts.ts` holds its
 * sentence in both languages. `status` is what HTTP answers with.
 */
export class Refusal<Code extends string = string> extends Error {
  readonly code: Code
  readonly facts: Facts
  readonly status: number

  constructor(code: Code, facts: Facts = {}, status = 409) {
    super(code)
    this.name = 'Refusal'
    this.code = code
    this.facts = facts
    this.status = status
  }
}

/** What is wrong with one field that a person filled in. */
export interface FieldError {
  field: string
  code: string
  facts?: Facts
}

export type Checked<T> = { ok: true; value: T } | { ok: false; errors: FieldError[] }
