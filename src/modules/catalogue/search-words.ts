import type { Ficha, Lists } from './ficha.ts'

/** Small letters without accents, one space between words: what is typed and what is stored meet in this form. */
export function plainWords(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

export interface Indexed {
  names: string
  keywords: string
  summary: string
}

/** What a service is found by: its names first, then its keywords and key, then what it says. */
export function indexedWords(ficha: Ficha, institution: string): Indexed {
  const names = [ficha.plainName.es, ficha.plainName.en, ficha.name.es, ficha.name.en]
  const keywords = [...ficha.keywords.es, ...ficha.keywords.en, ficha.homoclave.key, institution]
  const summary = [ficha.summary.es, ficha.summary.en, ficha.gets.es, ficha.gets.en]
  return {
    names: plainWords(names.join(' ')),
    keywords: plainWords(keywords.join(' ')),
    summary: plainWords(summary.join(' ')),
  }
}

/** What people call a thing and what the law calls it: each list means one thing. */
export function expandSynonyms(words: string, synonyms: Lists['synonyms']): string[] {
  const found = synonyms.filter((list) => list.some((each) => ` ${words} `.includes(` ${plainWords(each)} `)))
  return [...new Set(found.flat().map(plainWords))].filter((each) => each !== words).slice(0, 12)
}

/** Without the words of wanting, unless nothing else was typed: «quiero sacar mi pasaporte» → «mi pasaporte». */
export function withoutFillers(words: string, fillers: Lists['fillers']): string {
  const plain = new Set(fillers.map(plainWords))
  return words
    .split(' ')
    .filter((word) => !plain.has(word))
    .join(' ')
}
