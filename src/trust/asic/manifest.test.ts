import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { AsicError } from './errors.ts'
import { type AsicManifest, writeManifest } from './manifest.ts'
import { readManifest } from './read-manifest.ts'

const digest = createHash('sha256').update('x').digest()
const manifest: AsicManifest = {
  signature: 'META-INF/signature001.p7s',
  signatureType: 'application/pkcs7-signature',
  objects: [
    { name: 'solicitud & año 1%.pdf', mimeType: 'application/pdf', hash: 'sha256', digest, rootFile: true },
    { name: 'a/b.txt', mimeType: undefined, hash: 'sha256', digest, rootFile: false },
  ],
}
const xml = writeManifest(manifest).toString()

function refused(text: string | Buffer): void {
  assert.throws(
    () => readManifest(Buffer.from(text as string)),
    (error) => error instanceof AsicError && error.problem === 'bad-manifest',
    text.toString().slice(0, 300),
  )
}

/** What is not there cannot be changed: a test that changes nothing would prove nothing. */
function changed(from: string, to: string): string {
  assert.ok(xml.includes(from), from)
  return xml.replace(from, to)
}

test('reads back what it writes', () => {
  assert.deepEqual(readManifest(Buffer.from(xml)), manifest)
})

test('other prefixes, other spaces, other digests, extensions that are not critical', () => {
  const sha512 = createHash('sha512').update('x').digest('base64')
  const read = readManifest(
    Buffer.from(`\ufeff<?xml version="1.0" encoding="utf-8" standalone="no"?>
<ASiCManifest xmlns="http://uri.etsi.org/02918/v1.2.1#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x y">
  <!-- made by another -->
  <SigReference URI="META-INF/signature.p7s" />
  <DataObjectReference URI="a.txt" Rootfile="0">
    <DigestMethod xmlns="http://www.w3.org/2000/09/xmldsig#" Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"></DigestMethod>
    <d:DigestValue xmlns:d="http://www.w3.org/2000/09/xmldsig#">
      ${sha512.slice(0, 40)}
      <![CDATA[${sha512.slice(40)}]]>
    </d:DigestValue>
    <DataObjectReferenceExtensions><Extension Critical="false"><other xmlns="urn:x" a="b">c</other></Extension></DataObjectReferenceExtensions>
  </DataObjectReference>
</ASiCManifest>`),
  )
  assert.equal(read.objects[0]!.hash, 'sha512')
  assert.equal(read.objects[0]!.digest.toString('base64'), sha512)
})

test('document types, and so entities of any kind', () => {
  const root = xml.indexOf('<asic:')
  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
  for (const doctype of [
    '<!DOCTYPE a>',
    '<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd">',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    `<!DOCTYPE a [<!ENTITY l0 "ha">${laughs}]>`,
  ])
    refused(xml.slice(0, root) + doctype + xml.slice(root))
  refused(changed('application/pdf', '&x;'))
  refused(changed('application/pdf', '&#0;'))
})

test('instructions, comments inside a text, other encodings, what is no XML or more than one document', () => {
  refused(changed('<asic:ASiCManifest', '<?php x?><asic:ASiCManifest'))
  refused(changed('</ds:DigestValue>', '<!--x-->AAAA</ds:DigestValue>'))
  refused(changed('UTF-8', 'UTF-7'))
  refused(changed('version="1.0"', 'version="1.1"'))
  refused(Buffer.from(xml, 'utf16le'))
  refused(Buffer.concat([Buffer.from(xml), Buffer.from([0xff])]))
  refused(`${xml}${xml.slice(xml.indexOf('<asic:'))}`)
  refused(xml.slice(0, -20))
  refused('')
  refused(`${xml}text`)
  refused('{"a":1}')
})

test('too large, too deep, too many', () => {
  refused(xml + ' '.repeat(3 * 1024 * 1024))
  const extension = (inner: string) =>
    changed(
      '</asic:ASiCManifest>',
      `<asic:ASiCManifestExtensions><asic:Extension Critical="false">${inner}</asic:Extension></asic:ASiCManifestExtensions></asic:ASiCManifest>`,
    )
  readManifest(Buffer.from(extension('<x/>')))
  refused(extension(`${'<x>'.repeat(20)}${'</x>'.repeat(20)}`))
  refused(extension('<x/>'.repeat(30_000)))
})

test('what the schema does not have: other elements, attributes, text, order, namespaces', () => {
  refused(changed('http://uri.etsi.org/02918/v1.2.1#', 'http://uri.etsi.org/02918/v1.1.1#'))
  refused(changed('<asic:SigReference', 'x<asic:SigReference'))
  refused(changed('<asic:SigReference', '<asic:Other/><asic:SigReference'))
  refused(changed('Rootfile="true"', 'Rootfile="yes"'))
  refused(changed('Rootfile="true"', 'Onclick="true"'))
  refused(changed('Rootfile="true"', 'Rootfile="true" Rootfile="true"'))
  refused(xml.replace(/<asic:SigReference[^>]*>/, ''))
  refused(xml.replace(/<asic:DataObjectReference[\s\S]*<\/asic:DataObjectReference>/, ''))
  refused(xml.replace(/(<asic:SigReference[^>]*>)([\s\S]*)(<\/asic:ASiCManifest>)/, '$2$1$3'))
  const [object] = /<asic:DataObjectReference[\s\S]*?<\/asic:DataObjectReference>/.exec(xml)!
  refused(changed(object, object + object))
  refused(
    changed(
      '</asic:ASiCManifest>',
      '<asic:ASiCManifestExtensions><asic:Extension Critical="true"><x/></asic:Extension></asic:ASiCManifestExtensions></asic:ASiCManifest>',
    ),
  )
})

test('digests: none, short, of another length, not base64; algorithms that are not accepted', () => {
  const value = digest.toString('base64')
  for (const other of ['', value.slice(4), `${value}AAAA`, value.replace('=', ''), value.replace(/.$/, '*')])
    refused(changed(value, other))
  for (const algorithm of ['http://www.w3.org/2000/09/xmldsig#sha1', 'http://www.w3.org/2001/04/xmldsig-more#md5', ''])
    refused(changed('http://www.w3.org/2001/04/xmlenc#sha256', algorithm))
  refused(changed('xmlenc#sha256', 'xmldsig-more#sha384'))
})

test('references that lead out of the container', () => {
  for (const uri of [
    '../a',
    '%2e%2e/a',
    'a/..%2fb',
    '/a',
    '//host/a',
    'http://127.0.0.1/a',
    'file:///etc/passwd',
    'a%00',
    'a%5cb',
    'a?x',
    'a#x',
    '',
    'a%zz',
    'a/',
    '%ff',
  ])
    refused(xml.replace(/URI="a\/[^"]*"/, `URI="${uri}"`))
})
