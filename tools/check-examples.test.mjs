import { expect, it } from 'vitest'
import { checkBlocks, extractBlocks } from './check-examples.mjs'

const folders = ['packages/core', 'examples/hono-api']
const fence = '```'

it('takes ts and tsx blocks from Markdown, and leaves the others', () => {
  const text = `# A\n\n${fence}ts\nconst a = 1\n${fence}\n\n${fence}sh\nnpm start\n${fence}\n\n${fence}tsx\n<a />\n${fence}\n`
  expect(extractBlocks('README.md', text)).toEqual({
    blocks: [
      { document: 'README.md', line: 3, language: 'ts', code: 'const a = 1' },
      { document: 'README.md', line: 11, language: 'tsx', code: '<a />' },
    ],
    faults: [],
  })
})

it('takes blocks from doc comments without their margin, and with their name', () => {
  const text = `/**\n * Text.\n *\n * ${fence}ts\n * // billing.ts\n * if (a) {\n *   b()\n * }\n * ${fence}\n */\n`
  expect(extractBlocks('packages/core/src/a.ts', text).blocks).toEqual([
    {
      document: 'packages/core/src/a.ts',
      line: 4,
      language: 'ts',
      code: '// billing.ts\nif (a) {\n  b()\n}',
      name: 'billing.ts',
    },
  ])
})

it('refuses a block that is marked to be ignored, and one that never ends', () => {
  const text = `${fence}ts ignore-check\nx\n${fence}\n${fence}ts\ny\n`
  expect(extractBlocks('README.md', text).faults).toEqual([
    'README.md:1 marks its block with "ignore-check"',
    'README.md:4 never closes its block',
  ])
})

it('reports a planted fault at the line of the document, and nothing else', () => {
  const text = [
    `${fence}ts`,
    '// limits.ts',
    'export const limit = 5',
    fence,
    `${fence}ts`,
    "import { limit } from './limits.ts'",
    'const text: string = limit',
    fence,
  ].join('\n')
  const { blocks } = extractBlocks('docs/planted.md', text)
  expect(checkBlocks(blocks, folders)).toEqual(["docs/planted.md:7 Type 'number' is not assignable to type 'string'."])
})

it('resolves imports as whoever reads the document does: a bundler, or Node', () => {
  const text = [`${fence}ts`, '// limits.ts', 'export const limit = 5', fence, `${fence}ts`, "import { limit } from './limits'", 'limit.toFixed()', fence].join('\n')
  expect(checkBlocks(extractBlocks('packages/react/README.md', text).blocks, folders)).toEqual([])
  expect(checkBlocks(extractBlocks('docs/planted.md', text).blocks, folders)).toEqual([expect.stringMatching(/^docs\/planted\.md:6 Relative import paths need/)])
})
