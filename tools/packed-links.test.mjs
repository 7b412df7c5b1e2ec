import { expect, it } from 'vitest'
import { withPublishedLinks } from './guides.mjs'
import { findDanglingLinks } from './packed-links.mjs'

/** @param {Record<string, string>} files */
function find(files) {
  const guide = { 'dist/docs/sign-in.md': '# Sign-in\n\n## Your own sessions\n' }
  const packages = { planted: files, '@planted/core': guide }
  return findDanglingLinks('planted', new Map(Object.entries(packages).map(([name, held]) => [name, new Map(Object.entries(held))])))
}

it('accepts links to what is published, to headings and to the web, and what stands in code', () => {
  const links = '[a](COVERAGE.md) [b](#a--heading) [c](docs) [d](https://example.com/x) `node_modules/@planted/core/dist/docs/sign-in.md`'
  const text = `# A & heading\n\n${links} \`[e](nowhere)\`\n\n\`\`\`md\n[f](nowhere)\n\`\`\`\n`
  expect(find({ 'README.md': text, 'COVERAGE.md': '', 'docs/a.md': '[up](../README.md#a--heading)' })).toEqual([])
})

it('finds links into the repository, to headings that are not there, and files that another package lacks', () => {
  const text = '# Planted\n\n[a](../../docs/a.md) [b](#nothing) `node_modules/@planted/core/dist/docs/gone.md`\n'
  expect(find({ 'README.md': text })).toEqual([
    'README.md leads to ../../docs/a.md, which is not published',
    'README.md leads to #nothing, which is not published',
    'README.md leads to `node_modules/@planted/core/dist/docs/gone.md`, which is not published',
  ])
})

it('leads from guide to guide and to the README, and leaves the words of links that lead elsewhere', () => {
  const published = new Map([
    ['docs/stores/README.md', 'dist/docs/stores/README.md'],
    ['docs/sign-in.md', 'dist/docs/sign-in.md'],
    ['packages/core/README.md', 'README.md'],
  ])
  const text = '[a](../sign-in.md#b) [c](../../packages/core/README.md#d) [e](../../bench/README.md) [f](#g) [h](https://example.com)'
  expect(withPublishedLinks('docs/stores/README.md', text, published)).toBe(
    '[a](../sign-in.md#b) [c](../../../README.md#d) e [f](#g) [h](https://example.com)',
  )
})
