import type { Language } from '#kernel/texts.ts'

/** What every page knows about the person before it: nothing here comes from a form. */
export interface PageContext {
  language: Language
  /** The path of this page, or of the form that led to it, for the language switch; never a query, which may hold what somebody typed. */
  path: string
  demo: boolean
  /** Who is signed in and for whom they act. */
  acting: {
    name: string
    rfc: string | null
    forCompany: boolean
    representative: string | null
    servant: boolean
    administrator: boolean
  } | null
  warnings: string[]
  unopened: number
  csrf: string
  zone: string
  now: Date
}
