import { pdfDate, writeText } from '#trust/pdf/write.ts'

export interface Metadata {
  title: string
  /** The authority. */
  author: string
  /** BCP 47. */
  language: string
  /** The validation code: whoever only has the file finds the original by it. */
  keyword: string
  createdAt: Date
}

const PRODUCER = 'Ventanilla'

/** The document information dictionary; it says what the metadata stream says (ISO 19005-3, 6.6.3). */
export function informationOf({ title, author, keyword, createdAt }: Metadata): string {
  return `<</Title ${writeText(title)}/Author ${writeText(author)}/Keywords ${writeText(keyword)}/Producer (${PRODUCER})/CreationDate ${writeText(pdfDate(createdAt))}/ModDate ${writeText(pdfDate(createdAt))}>>`
}

/** The XMP packet that claims PDF/A-3a (ISO 19005-3, 6.6.4). */
export function packetOf({ title, author, language, keyword, createdAt }: Metadata): Buffer {
  const at = `${createdAt.toISOString().slice(0, 19)}Z`
  return Buffer.from(`<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>${escapeXml(author)}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>${language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>${at}</xmp:CreateDate><xmp:ModifyDate>${at}</xmp:ModifyDate>
<pdf:Keywords>${escapeXml(keyword)}</pdf:Keywords><pdf:Producer>${PRODUCER}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`)
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

const escapeXml = (text: string): string => text.replace(/[&<>]/g, (each) => ENTITIES[each]!)
