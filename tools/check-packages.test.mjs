import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findTarballFaults } from './check-packages.mjs'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'farebox-packages-'))
  mkdirSync(join(folder, 'package'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** @param {Record<string, string>} files */
function pack(files) {
  const manifest = {
    name: 'planted',
    version: '1.0.0',
    license: 'MIT',
    type: 'module',
    engines: { node: '>=20' },
    exports: { '.': { types: './index.d.ts', default: './index.js' } },
  }
  const whole = { 'package.json': JSON.stringify(manifest), LICENSE: 'MIT', 'README.md': '# Planted', ...files }
  for (const [name, text] of Object.entries(whole)) writeFileSync(join(folder, 'package', name), text)
  const tarball = join(folder, 'planted-1.0.0.tgz')
  execFileSync('tar', ['-czf', tarball, '-C', folder, 'package'])
  return tarball
}

const code = { 'index.js': 'export const one = 1\n', 'index.d.ts': 'export declare const one: number\n' }

it('accepts a whole package', () => {
  expect(findTarballFaults(pack(code))).toEqual([])
})

it('finds exports without a file, and a test that would be published', () => {
  const faults = findTarballFaults(pack({ 'index.test.js': '' }))
  expect(faults).toContain('package/index.test.js is a test')
  expect(faults.some((fault) => fault.startsWith('publint says'))).toBe(true)
})

it('finds types that do not resolve', () => {
  const faults = findTarballFaults(pack({ ...code, 'index.d.ts': "export * from './missing'\n" }))
  expect(faults.some((fault) => fault.startsWith('attw says'))).toBe(true)
})
