import { Failure, type FailureCode } from './efirma/failure.ts'
import { type EfirmaFiles, type OpenedEfirma, openEfirma } from './efirma/sign.ts'

/** Which field a failure is about; the others are about none. */
const FIELDS: Partial<Record<FailureCode, 'cer' | 'key' | 'password'>> = {
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

/** A form whose files and password never travel: they have no name, and only its `send` part is submitted. */
export class EfirmaForm {
  readonly form: HTMLFormElement
  #busy = false

  constructor(form: HTMLFormElement) {
    this.form = form
  }

  /** Runs `act` at each try of the person, one at a time; says what failed in their language and keeps what they typed. */
  onSubmit(act: (efirma: OpenedEfirma) => Promise<Record<string, string>>): void {
    this.form.addEventListener('submit', (event) => {
      event.preventDefault()
      if (!this.#busy) void this.#run(act)
    })
    this.#button().disabled = false
  }

  async #run(act: (efirma: OpenedEfirma) => Promise<Record<string, string>>): Promise<void> {
    this.#setBusy(true)
    this.#clear()
    try {
      const values = await act(await openEfirma(await this.#files()))
      this.#send(values)
    } catch (error) {
      this.#show(error instanceof Failure ? error : new Failure('no-answer'))
      this.#setBusy(false)
    }
  }

  async #files(): Promise<EfirmaFiles> {
    const [cer, key] = [this.#input('cer').files?.[0], this.#input('key').files?.[0]]
    const password = this.#input('password').value
    if (!cer) throw new Failure('certificate-missing')
    if (!key) throw new Failure('key-missing')
    if (password === '') throw new Failure('password-missing')
    const [certificate, sealed] = await Promise.all([read(cer, 'certificate-unreadable'), read(key, 'key-unreadable')])
    return { certificate, key: sealed, password }
  }

  #send(values: Record<string, string>): void {
    const target = document.getElementById(this.form.dataset.send ?? '') as HTMLFormElement
    for (const [name, value] of Object.entries(values))
      (target.elements.namedItem(name) as HTMLInputElement).value = value
    this.#input('password').value = ''
    target.submit()
  }

  #show({ code, detail }: Failure): void {
    const message = detail ?? this.#text(code)
    const field = FIELDS[code]
    const summary = this.form.querySelector<HTMLElement>('[data-efirma-summary]')!
    const link = summary.querySelector('a')!
    link.textContent = message
    link.href = `#${field ?? 'cer'}`
    summary.hidden = false
    if (field) {
      const error = this.form.querySelector<HTMLElement>(`[data-efirma-error="${field}"]`)!
      error.querySelector('[data-efirma-message]')!.textContent = message
      error.hidden = false
      error.closest('.govuk-form-group')!.classList.add('govuk-form-group--error')
      this.#input(field).setAttribute('aria-invalid', 'true')
    }
    summary.focus()
  }

  #clear(): void {
    this.form.querySelector<HTMLElement>('[data-efirma-summary]')!.hidden = true
    for (const error of this.form.querySelectorAll<HTMLElement>('[data-efirma-error]')) {
      error.hidden = true
      error.closest('.govuk-form-group')!.classList.remove('govuk-form-group--error')
    }
    for (const input of this.form.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid')
  }

  #setBusy(busy: boolean): void {
    this.#busy = busy
    this.#button().disabled = busy
    this.form.querySelector<HTMLElement>('[data-efirma-busy]')!.textContent = busy ? this.#text('busy') : ''
  }

  #text(code: string): string {
    return this.form.querySelector(`[data-code="${code}"]`)?.textContent ?? code
  }

  #button(): HTMLButtonElement {
    return this.form.querySelector<HTMLButtonElement>('button[type="submit"]')!
  }

  #input(name: 'cer' | 'key' | 'password'): HTMLInputElement {
    return this.form.querySelector<HTMLInputElement>(`#${name}`)!
  }
}

async function read(file: File, code: FailureCode): Promise<Uint8Array> {
  try {
    if (file.size > 65_536) throw new Failure(code)
    return new Uint8Array(await file.arrayBuffer())
  } catch {
    // A stick that was pulled out, a file that went away.
    throw new Failure(code)
  }
}
