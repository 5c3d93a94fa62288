import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pathWithin } from './account-routes.ts'

test('after signing in one goes on inside this site, whatever the address said', () => {
  for (const good of ['/', '/borradores/01a2', '/tramites/cofepris-aviso']) assert.equal(pathWithin(good), good)
  for (const bad of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '',
    undefined,
    '/a\nb',
    '/a?b=//c',
  ])
    assert.equal(pathWithin(bad), '/')
  fc.assert(
    fc.property(fc.string(), (typed) => {
      const origin = 'https://shop.example'
      assert.equal(new URL(pathWithin(typed), origin).origin, origin)
    }),
  )
})
