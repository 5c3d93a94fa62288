import { PdfError } from './errors.ts'
import type { Update } from './update.ts'
import { isRef, type PdfDict, type PdfRef, type PdfValue } from './values.ts'

/** What `PdfError` says where a page is asked for that there is not. */
export const NO_PAGE = 'the file has no such page'

/** Dictionary and reference of the catalog, as the update leaves them so far. @throws PdfError */
export function catalogOf(update: Update): { ref: PdfRef; dict: PdfDict } {
  const ref = update.file.trailer.get('Root')
  const dict = update.read(ref)
  if (!isRef(ref) || !(dict instanceof Map)) throw new PdfError('broken', 'the file has no catalog')
  return { ref, dict }
}

/** Sets one entry of the catalog. */
export function setInCatalog(update: Update, key: string, value: PdfValue): void {
  const { ref, dict } = catalogOf(update)
  update.change(ref, new Map([...dict, [key, value]]))
}

/** Names a new field in the form (ISO 32000-1, 12.7.2), which is there from then on. */
export function addToForm(update: Update, field: PdfRef): void {
  const { dict: catalog } = catalogOf(update)
  const formValue = catalog.get('AcroForm')
  const before = update.read(formValue)
  const form: PdfDict = new Map(before instanceof Map ? before : [])
  const fields = form.get('Fields')
  const all = [...arrayOf(update.read(fields)), field]
  if (isRef(fields)) update.change(fields, all)
  else form.set('Fields', all)
  form.set('SigFlags', 3)
  if (isRef(formValue)) update.change(formValue, form)
  else setInCatalog(update, 'AcroForm', update.add(form))
}

/** Says that the form holds a signature, where it did not. */
export function flagSignatures(update: Update): void {
  const { dict: catalog } = catalogOf(update)
  const formValue = catalog.get('AcroForm')
  const form = update.read(formValue)
  if (!(form instanceof Map) || form.get('SigFlags') === 3) return
  const after = new Map([...form, ['SigFlags', 3 as PdfValue]])
  if (isRef(formValue)) update.change(formValue, after)
  else setInCatalog(update, 'AcroForm', after)
}

export function addToPage(update: Update, page: PdfRef, widget: PdfRef): void {
  const dict = update.read(page)
  if (!(dict instanceof Map)) throw new PdfError('broken', NO_PAGE)
  const value = dict.get('Annots')
  const annotations = [...arrayOf(update.read(value)), widget]
  if (isRef(value)) update.change(value, annotations)
  else update.change(page, new Map([...dict, ['Annots', annotations as PdfValue]]))
}

const arrayOf = (value: PdfValue): PdfValue[] => (Array.isArray(value) ? value : [])

const MOST_NODES = 20_000

/** @param number from 1 on. @throws PdfError */
export function findPage({ file }: Update, number: number): PdfRef {
  const seen = new Set<number>()
  let left = number
  const visit = (node: PdfValue | undefined): PdfRef | undefined => {
    if (!isRef(node) || seen.has(node.num) || seen.size > MOST_NODES) return undefined
    seen.add(node.num)
    const kids = file.array(file.dict(node)?.get('Kids'))
    if (!kids) return --left === 0 ? node : undefined
    for (const kid of kids) {
      const found = visit(kid)
      if (found) return found
    }
    return undefined
  }
  const page = visit(file.catalog.get('Pages'))
  if (!page) throw new PdfError('broken', NO_PAGE)
  return page
}
