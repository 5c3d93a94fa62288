import type { Facts } from './refusal.ts'

export type Language = 'es' | 'en'
export const languages: readonly Language[] = ['es', 'en']

/** A sentence in every language the shop speaks; a missing one does not compile. */
export type Text = Readonly<Record<Language, string>>
export type Texts<Key extends string = string> = Readonly<Record<Key, Text>>

export function defineTexts<Key extends string>(texts: Texts<Key>): Texts<Key> {
  return texts
}

/** The sentence for `key`, with `{name}` replaced by the fact of that name. Escaping is the template's work. */
export function say<Key extends string>(texts: Texts<Key>, key: Key, language: Language, facts: Facts = {}): string {
  return fill(texts[key][language], facts)
}

export function fill(sentence: string, facts: Facts): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (name in facts ? String(facts[name]) : whole))
}
