/** Markup that is known to be safe: made by the `html` template only. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString(): string {
    return this.text
  }
}

export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[]

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (each) => ENTITIES[each]!)
}

/** Everything put into the template is text, escaped; only other templates are markup. Attributes are always in quotes. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  let text = strings[0]!
  for (let i = 0; i < values.length; i += 1) text += render(values[i]) + strings[i + 1]
  return new Html(text)
}

function render(value: HtmlValue): string {
  if (value instanceof Html) return value.text
  if (value === null || value === undefined || value === false) return ''
  if (Array.isArray(value)) return value.map(render).join('')
  return escapeHtml(String(value))
}

/** For our own constants only: nothing that came from outside this code may pass here. */
export function rawHtml(constant: string): Html {
  return new Html(constant)
}

/** ` name="value"` for each that has one; `true` writes the bare name. */
export function attributes(pairs: Record<string, string | number | boolean | null | undefined>): Html {
  let text = ''
  for (const [name, value] of Object.entries(pairs)) {
    if (value === null || value === undefined || value === false) continue
    text += value === true ? ` ${name}` : ` ${name}="${escapeHtml(String(value))}"`
  }
  return new Html(text)
}

/** Paragraphs at blank lines, line breaks within: how people type. */
export function paragraphs(text: string): Html {
  const parts = text.trim().split(/\n\s*\n/)
  return html`${parts.map((part) => html`<p class="govuk-body">${part.split('\n').map((line, i) => html`${i > 0 && rawHtml('<br>')}${line}`)}</p>`)}`
}
