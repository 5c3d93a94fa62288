/** Standard structure types (ISO 32000-1, 14.8.4) that official documents use. */
export type Role =
  | 'Document'
  | 'Div'
  | 'H1'
  | 'H2'
  | 'P'
  | 'L'
  | 'LI'
  | 'Lbl'
  | 'LBody'
  | 'Table'
  | 'TR'
  | 'TH'
  | 'TD'
  | 'Figure'

/** A run of content on a page. */
export interface Mark {
  page: number
  /** Its number on that page (MCID). */
  id: number
}

/** What a piece of the document is, for whoever hears it instead of seeing it. */
export interface Tag {
  role: Role
  kids: Array<Tag | Mark>
  /** What a figure shows, in words. */
  alt?: string
  /** Further attributes, as PDF text (ISO 32000-1, 14.8.5). */
  attributes?: string
}

/** A new tag at the end of this one. */
export function addTag(parent: Tag, role: Role, more: Pick<Tag, 'alt' | 'attributes'> = {}): Tag {
  const tag: Tag = { role, kids: [], ...more }
  parent.kids.push(tag)
  return tag
}

export const isTag = (kid: Tag | Mark): kid is Tag => 'role' in kid
