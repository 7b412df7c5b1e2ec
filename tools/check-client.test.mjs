import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findClientCode, findMissingDirective, findServerCode } from './check-client.mjs'

const entry = 'packages/core/src/client/index.ts'
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'farebox-client-'))
  put('packages/core/src/errors/error.ts', 'export const error = 1')
  put('packages/core/src/use-cases/consume.ts', 'export const consume = 1')
  put('node_modules/jose/index.js', 'export const sign = 1')
  put('node_modules/jose/package.json', '{"name":"jose","type":"module","main":"index.js"}')
})
afterEach(() => rmSync(folder, { recursive: true }))

/**
 * @param {string} path
 * @param {string} text
 */
function put(path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

it('accepts what belongs to the browser', async () => {
  put(entry, "import { error } from '../errors/error.ts'\nimport { useState } from 'react'\nconsole.log(error, useState)")
  expect(await findServerCode(entry, folder)).toEqual([])
})

it.each([
  ['server code', "import '../use-cases/consume.ts'", 'packages/core/src/use-cases/consume.ts'],
  ['a server package', "import 'jose'", 'node_modules/jose/index.js'],
  ['Node', "import { createHash } from 'node:crypto'\nconsole.log(createHash)", 'node:crypto'],
])('refuses %s', async (_, text, culprit) => {
  put(entry, text)
  expect(await findServerCode(entry, folder)).toEqual([`${entry} brings ${culprit} to the browser`])
})

it('asks for the directive at the very beginning', () => {
  expect(findMissingDirective('a.js', '"use client";\nimport a from "a"')).toEqual([])
  expect(findMissingDirective('a.js', 'import a from "a"\n"use client"')).toHaveLength(1)
})

it('lets a server component have what is pure, and nothing else', async () => {
  put(entry, "import { error } from '../errors/error.ts'\nconsole.log(error)")
  expect(await findClientCode(entry, folder)).toEqual([])
  put('packages/core/src/errors/error.ts', "'use client'\nexport const error = 1")
  expect(await findClientCode(entry, folder)).toEqual([`${entry} cannot be used on a server, for it has packages/core/src/errors/error.ts`])
  put(entry, "import { useState } from 'react'\nconsole.log(useState)")
  expect(await findClientCode(entry, folder)).toEqual([`${entry} cannot be used on a server, for it has react`])
})
