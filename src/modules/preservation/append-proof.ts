import { PdfFile } from '#trust/pdf/file.ts'
import type { PreparedPdf } from '#trust/pdf/prepare-signature.ts'
import { isRef, type PdfDict, type PdfRef, type PdfValue } from '#trust/pdf/values.ts'
import { writeText, writeValue } from '#trust/pdf/write.ts'
import type { ValidationData } from '#trust/validation/facts.ts'

// INTERIM: until src/trust/pdf writes security stores and document time-stamps.
export function appendProof(pdf: Buffer, data: ValidationData, fieldName: string, room: number): PreparedPdf {
  const file = new PdfFile(pdf)
  const root = file.trailer.get('Root') as PdfRef
  let next = file.size
  const chunks: Buffer[] = [pdf]
  let length = pdf.length
  const offsets = new Map<number, number>()
  const push = (b: Buffer) => {
    chunks.push(b)
    length += b.length
  }
  const add = (num: number, body: Buffer) => {
    offsets.set(num, length)
    push(Buffer.concat([Buffer.from(`${num} 0 obj\n`), body, Buffer.from('\nendobj\n')]))
  }
  const refs = (items: Buffer[]): PdfValue[] =>
    items.map((each) => {
      const num = next++
      add(num, Buffer.concat([Buffer.from(`<< /Length ${each.length} >>\nstream\n`), each, Buffer.from('\nendstream')]))
      return { num, gen: 0 }
    })
  const old = file.dict(file.catalog.get('DSS'))
  const store: PdfDict = new Map<string, PdfValue>([['Type', { name: 'DSS' }]])
  for (const [key, items] of [
    ['Certs', data.certificates],
    ['CRLs', data.crls],
    ['OCSPs', data.ocspResponses],
  ] as const) {
    const all = [...(file.array(old?.get(key)) ?? []), ...refs([...items])]
    if (all.length > 0) store.set(key, all)
  }
  const dss = next++
  add(dss, Buffer.from(writeValue(store)))
  let node: PdfValue = file.catalog.get('Pages') ?? null
  let page: PdfRef | undefined
  while (isRef(node)) {
    const kids: PdfValue[] | undefined = file.array(file.dict(node)?.get('Kids'))
    if (!kids) {
      page = node
      break
    }
    node = kids[0] ?? null
  }
  const sig = next++
  const widget = next++
  const zeros = '0'.repeat(room * 2)
  const head = `<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 /ByteRange `
  const range = ' '.repeat(36)
  const start = length + `${sig} 0 obj\n`.length
  add(sig, Buffer.from(`${head}[${range}] /Contents <${zeros}> >>`))
  add(
    widget,
    Buffer.from(
      `<< /Type /Annot /Subtype /Widget /FT /Sig /T ${writeText(fieldName)} /V ${sig} 0 R /P ${page!.num} ${page!.gen} R /Rect [0 0 0 0] /F 132 >>`,
    ),
  )
  const catalog = new Map(file.catalog)
  catalog.set('DSS', { num: dss, gen: 0 })
  const formValue = catalog.get('AcroForm')
  const form = new Map(file.dict(formValue) ?? [])
  form.set('Fields', [...(file.array(form.get('Fields')) ?? []), { num: widget, gen: 0 }])
  form.set('SigFlags', 3)
  if (isRef(formValue)) add(formValue.num, Buffer.from(writeValue(form)))
  else {
    const f = next++
    add(f, Buffer.from(writeValue(form)))
    catalog.set('AcroForm', { num: f, gen: 0 })
  }
  add(root.num, Buffer.from(writeValue(catalog)))
  const dict = file.dict(page!)!
  const annots = dict.get('Annots')
  const all = [...(file.array(annots) ?? []), { num: widget, gen: 0 } as PdfValue]
  if (isRef(annots)) add(annots.num, Buffer.from(writeValue(all)))
  else add(page!.num, Buffer.from(writeValue(new Map([...dict, ['Annots', all as PdfValue]]))))
  const xref = length
  const fields: PdfDict = new Map<string, PdfValue>([
    ['Size', next],
    ...['Root', 'Info', 'ID']
      .filter((k) => file.trailer.has(k))
      .map((k) => [k, file.trailer.get(k)!] as [string, PdfValue]),
    ['Prev', file.startxref],
  ])
  push(
    Buffer.from(
      `xref\n${[...offsets].map(([n, o]) => `${n} 1\n${String(o).padStart(10, '0')} 00000 n \n`).join('')}trailer\n${writeValue(fields)}\nstartxref\n${xref}\n%%EOF\n`,
    ),
  )
  const out = Buffer.concat(chunks)
  const gapStart = start + head.length + 38 + ' /Contents '.length
  const gapEnd = gapStart + zeros.length + 2
  out.write(`[0 ${gapStart} ${gapEnd} ${out.length - gapEnd}]`.padEnd(38), start + head.length, 'latin1')
  return { pdf: out, byteRange: [0, gapStart, gapEnd, out.length - gapEnd] }
}
