import { readHolder } from './efirma/certificate.ts'
import { Failure, type FailureCode } from './efirma/failure.ts'
import { findMisplaced } from './efirma/file-kind.ts'
import { type EfirmaFiles, type OpenedEfirma, openEfirma } from './efirma/sign.ts'

type FieldName = 'cer' | 'key' | 'password'

/** Which field a failure is about; the others are about none. */
const FIELDS: Partial<Record<FailureCode, FieldName>> = {
  'certificate-missing': 'cer',
  'certificate-unreadable': 'cer',
  'certificate-is-key': 'cer',
  'key-missing': 'key',
  'key-unreadable': 'key',
  'key-is-certificate': 'key',
  'key-mismatch': 'key',
  'password-missing': 'password',
  'wrong-password-or-key': 'password',
}

const LARGEST_FILE = 65_536

/** What travels, by the names of the fields of the form that is sent. */
export type Signed = Record<string, string>

/**
 * A form whose files and password never travel: they have no name, and only the other form, which holds what may, is submitted.
 * The page brings every sentence; this code has no words.
 */
export class EfirmaForm {
  readonly #form: HTMLFormElement
  readonly #title = document.title
  #busy = false

  constructor(form: HTMLFormElement) {
    this.#form = form
  }

  /** Runs `act` at each try of the person, one at a time; says what failed in their language and keeps what they typed. */
  onSubmit(act: (efirma: OpenedEfirma) => Promise<Signed>): void {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      if (!this.#busy) void this.#try(act)
    })
    this.#input('cer').addEventListener('change', () => void this.#showHolder())
    // Back from the page after: as it was left, ready for another try.
    addEventListener('pageshow', ({ persisted }) => persisted && this.#setBusy(false))
    this.#button().disabled = false
    this.#part('[data-efirma-waiting]').remove()
    if (this.#input('cer').files?.length) void this.#showHolder()
  }

  async #try(act: (efirma: OpenedEfirma) => Promise<Signed>): Promise<void> {
    this.#clear()
    const missing = this.#findMissing()
    if (missing.length > 0) return this.#show(missing)
    this.#setBusy(true)
    try {
      const files = await this.#readFiles()
      const misplaced = findMisplaced(files)
      if (misplaced.length === 0) return this.#send(await act(await openEfirma(files)))
      this.#show(misplaced.map((code) => new Failure(code)))
    } catch (error) {
      if (!(error instanceof Failure)) reportError(error)
      this.#show([error instanceof Failure ? error : new Failure('page-fault')])
    }
    this.#setBusy(false)
  }

  #findMissing(): Failure[] {
    const codes: FailureCode[] = []
    if (!this.#input('cer').files?.length) codes.push('certificate-missing')
    if (!this.#input('key').files?.length) codes.push('key-missing')
    if (this.#input('password').value === '') codes.push('password-missing')
    return codes.map((code) => new Failure(code))
  }

  async #readFiles(): Promise<EfirmaFiles> {
    const [certificate, key] = await Promise.all([
      read(this.#input('cer'), 'certificate-unreadable'),
      read(this.#input('key'), 'key-unreadable'),
    ])
    return { certificate, key, password: this.#input('password').value }
  }

  #send(values: Signed): void {
    const target = document.getElementById(this.#form.dataset.send ?? '') as HTMLFormElement
    for (const [name, value] of Object.entries(values))
      (target.elements.namedItem(name) as HTMLInputElement).value = value
    this.#input('password').value = ''
    target.submit()
  }

  /** Whose the chosen certificate says it is: who has several sees which one they took. */
  async #showHolder(): Promise<void> {
    const file = await read(this.#input('cer'), 'certificate-unreadable').catch(() => undefined)
    const holder = file && readHolder(file)
    const facts: Record<string, string> | undefined = holder && {
      name: [holder.name, holder.taxpayer].filter(Boolean).join(', '),
      serial: holder.serial,
      until: holder.until.toLocaleDateString(document.documentElement.lang, { dateStyle: 'long' }),
    }
    const sentence = facts && this.#text('holder').replace(/\{(\w+)\}/g, (_, fact: string) => facts[fact] ?? '')
    this.#part('[data-efirma-holder]').textContent = sentence ?? ''
  }

  /** First on the page and in the keyboard's way, each linked to its field; and on the fields themselves. */
  #show(failures: Failure[]): void {
    this.#part('[data-efirma-summary] ul').replaceChildren(...failures.map((failure) => this.#lineOf(failure)))
    for (const failure of failures) {
      const field = FIELDS[failure.code]
      if (field) this.#mark(field, this.#sentence(failure))
    }
    document.title = `${this.#text('error')}: ${this.#title}`
    const summary = this.#part('[data-efirma-summary]')
    summary.hidden = false
    summary.focus()
  }

  #lineOf(failure: Failure): HTMLLIElement {
    const [line, field] = [document.createElement('li'), FIELDS[failure.code]]
    const place = field ? line.appendChild(document.createElement('a')) : line
    if (place instanceof HTMLAnchorElement) place.href = `#${field}`
    place.textContent = this.#sentence(failure)
    return line
  }

  #mark(field: FieldName, sentence: string): void {
    const input = this.#input(field)
    const error = this.#part(`[data-efirma-error="${field}"]`)
    error.querySelector('[data-efirma-message]')!.textContent = sentence
    error.hidden = false
    error.closest('.govuk-form-group')!.classList.add('govuk-form-group--error')
    input.classList.add(errorClass(input))
    input.setAttribute('aria-invalid', 'true')
    // Only while there is one: a hidden description would be read out all the same.
    input.setAttribute('aria-describedby', `${error.id} ${input.dataset.describedby}`.trim())
  }

  #clear(): void {
    // Also the server's own, of the try before.
    for (const summary of document.querySelectorAll<HTMLElement>('.govuk-error-summary')) summary.hidden = true
    document.title = this.#title
    for (const field of ['cer', 'key', 'password'] as const) {
      const input = this.#input(field)
      const error = this.#part(`[data-efirma-error="${field}"]`)
      error.hidden = true
      error.closest('.govuk-form-group')!.classList.remove('govuk-form-group--error')
      input.classList.remove(errorClass(input))
      input.removeAttribute('aria-invalid')
      if (input.dataset.describedby) input.setAttribute('aria-describedby', input.dataset.describedby)
      else input.removeAttribute('aria-describedby')
    }
  }

  /** The button keeps the focus, so that who goes by keyboard is not thrown to the top of the page. */
  #setBusy(busy: boolean): void {
    this.#busy = busy
    this.#button().setAttribute('aria-disabled', String(busy))
    this.#part('[data-efirma-busy]').textContent = busy ? this.#text('busy') : ''
  }

  #sentence({ code, detail }: Failure): string {
    return detail ?? this.#text(code)
  }

  #text(code: string): string {
    return this.#form.querySelector(`[data-code="${code}"]`)?.textContent ?? code
  }

  #part(selector: string): HTMLElement {
    return this.#form.querySelector<HTMLElement>(selector)!
  }

  #button(): HTMLButtonElement {
    return this.#form.querySelector<HTMLButtonElement>('button[type="submit"]')!
  }

  #input(name: FieldName): HTMLInputElement {
    return this.#form.querySelector<HTMLInputElement>(`#${name}`)!
  }
}

const errorClass = ({ type }: HTMLInputElement): string =>
  type === 'file' ? 'govuk-file-upload--error' : 'govuk-input--error'

async function read({ files }: HTMLInputElement, code: FailureCode): Promise<Uint8Array> {
  const file = files?.[0]
  try {
    if (!file || file.size > LARGEST_FILE) throw new Failure(code)
    return new Uint8Array(await file.arrayBuffer())
  } catch {
    // A stick that was pulled out, a file that went away.
    throw new Failure(code)
  }
}
