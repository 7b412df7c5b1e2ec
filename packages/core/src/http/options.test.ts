import { expect, test } from 'vitest'
import type { Fault } from '../errors/error.ts'
import { type HttpOptions, httpSettings, originOf } from './options.ts'

/** The paths of the faults of options that a caller without types may give. */
function faultsOf(options: { readonly [Name in keyof HttpOptions]: unknown }): readonly string[] {
  const faults: Fault[] = []
  httpSettings(options as never, faults)
  return faults.map(({ path }) => path)
}

test.each<[string, readonly unknown[], readonly unknown[]]>([
  ['basePath', ['', '/billing', '/api/v1.2/billing'], ['/', 'billing', '/billing/', '//billing', '/bil ling', '/:id', '/*', 7, null]],
  [
    'appUrl',
    ['https://app.example.com', 'https://app.example.com/', 'http://localhost:8787', 'https://example.com/app'],
    ['', 'app.example.com', '/', 'ftp://app.example.com', 'https:app.example.com', 'https://a:b@example.com', 'https://example.com?x=1', 'https://example.com/#/app', 7, {}, null],
  ],
  ['returnOrigins', [[], ['https://preview.example.com']], ['https://app.example.com', [''], ['https://a.example.com', 7], {}, null]],
  ['upgradeUrl', ['/pricing', 'https://example.com/pricing', '#plans'], ['', 7, null]],
  ['problemBase', ['/problems', 'https://docs.example.com/problems'], ['', 'https://docs.example.com/errors', '/problems/', 'the /problems', 7]],
  ['cookie', ['session', '__Host-session'], ['', 'a=b', 'a;b', 'a b', 'é', 7, null]],
  ['customerOf', [() => 'x'], ['x', {}, null]],
  ['mayManageBilling', [() => true], [true, 'admin', null]],
])('%s is taken as it should be, and named where it is not', (path, good, bad) => {
  expect(good.filter((value) => faultsOf({ [path]: value }).length > 0)).toEqual([])
  expect(bad.map((value) => faultsOf({ [path]: value }).slice(0, 1))).toEqual(bad.map(() => [path]))
})

test('all faults are named at once', () => {
  expect(faultsOf({ basePath: '/', appUrl: 'x', returnOrigins: ['x'], problemBase: 'x', cookie: '' })).toEqual([
    'basePath', 'appUrl', 'returnOrigins', 'problemBase', 'cookie',
  ])
})

test('what is left out is safe', () => {
  expect(httpSettings({}, [])).toMatchObject({
    basePath: '/api/billing', appUrl: null, returnOrigins: [], upgradeUrl: '/', problemBase: '/problems', cookie: null,
  })
  const settings = httpSettings({ appUrl: 'https://example.com/app/', returnOrigins: ['https://preview.example.com/x'] }, [])
  expect(settings).toMatchObject({
    appUrl: 'https://example.com/app', upgradeUrl: 'https://example.com/app/',
    returnOrigins: ['https://example.com', 'https://preview.example.com'],
  })
})

test('an origin is one of an absolute URL as it is written', () => {
  expect(originOf('HTTPS://App.example.com:443/x?y#z')).toBe('https://app.example.com')
  for (const url of ['https:app.example.com', 'https:/app.example.com', 'null', '', 'https://']) expect(originOf(url)).toBeUndefined()
})
