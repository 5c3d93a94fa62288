import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { attributes, html, paragraphs } from './html.ts'

test('what a person types is text in every place a template has, never markup', () => {
  const property = fc.property(
    fc.oneof(
      fc.string(),
      fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=1>', "' onclick='x", '</p><p>'),
    ),
    (typed) => {
      const page = html`<p title="${typed}">${typed}${[typed, html`<b>${typed}</b>`]}</p>`.text
      const outside = page.replace(/<p title="[^"<>]*">|<\/p>|<b>|<\/b>/g, '')
      assert.doesNotMatch(outside, /[<>"'`]/)
      assert.doesNotMatch(attributes({ value: typed }).text.replace(/^ value="|"$/g, ''), /[<>"]/)
      assert.doesNotMatch(paragraphs(typed).text.replace(/<p class="govuk-body">|<\/p>|<br>/g, ''), /[<>"]/)
    },
  )
  fc.assert(property, { seed: 8, numRuns: 1000 })
})

test('nothing, false and lists', () => {
  assert.equal(html`a${null}${undefined}${false}${0}${['b', html`<i>c</i>`]}`.text, 'a0b<i>c</i>')
  assert.equal(attributes({ id: 'x', checked: true, hidden: false, lang: null }).text, ' id="x" checked')
})
