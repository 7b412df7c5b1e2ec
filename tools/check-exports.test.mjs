import { expect, it } from 'vitest'
import { findExportFaults } from './check-exports.mjs'

function manifest() {
  return {
    exports: {
      '.': { '@farebox/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './styles.css': { '@farebox/source': './src/styles.css', types: './stylesheet.d.ts', default: './dist/styles.css' },
    },
    publishConfig: {
      exports: {
        '.': { types: './dist/index.d.ts', default: './dist/index.js' },
        './styles.css': { types: './stylesheet.d.ts', default: './dist/styles.css' },
      },
    },
    bin: { farebox: './dist/bin.js' },
  }
}
const built = ['src/index.ts', 'src/styles.css', 'src/bin.ts']

it('accepts three equal lists', () => {
  expect(findExportFaults(manifest(), built, ['src/index.ts'])).toEqual([])
})

it('finds an export that is not built', () => {
  expect(findExportFaults(manifest(), ['src/index.ts', 'src/styles.css'], ['src/index.ts'])).toEqual([
    'src/bin.ts is exported or a program but not built',
  ])
})

it('finds an entry that is built or documented but not exported', () => {
  expect(findExportFaults(manifest(), [...built, 'src/extra.ts'], ['src/index.ts', 'src/other.ts'])).toEqual([
    'src/extra.ts is built but not exported or a program',
    'src/other.ts is documented but not exported',
  ])
})

it('finds an export that is not documented', () => {
  expect(findExportFaults(manifest(), built, [])).toEqual(['src/index.ts is exported but not documented'])
})

it('finds an export that leads elsewhere, and one that differs when published', () => {
  const wrong = manifest()
  wrong.exports['.'].default = './dist/main.js'
  wrong.publishConfig.exports['.'].default = './dist/main.js'
  expect(findExportFaults(wrong, built, ['src/index.ts'])).toHaveLength(2)
})

it('finds a stylesheet without types: TypeScript would refuse to import it', () => {
  const { exports, ...rest } = manifest()
  const untyped = { '@farebox/source': './src/styles.css', default: './dist/styles.css' }
  expect(findExportFaults({ exports: { ...exports, './styles.css': untyped }, ...rest }, built, ['src/index.ts'])).toEqual([
    'exports["./styles.css"] does not lead to what is built from ./src/styles.css',
  ])
})
