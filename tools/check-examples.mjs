// Type-checks every ts and tsx block of doc comments and Markdown files, as Node and as a bundler resolve them.
//
// A block stands alone, unless blocks of the same document name themselves in their first line (`// billing.ts`);
// then they can import each other (`./billing.ts`). Faults are reported at the line of the document.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import typescript from 'typescript'
import { root, workspaceFolders } from './bootstrap.mjs'
import { conclude, isSource, isTest, listFiles, readFiles } from './source-files.mjs'

const fence = /^(?<margin>[ \t]*(?:\*[ \t]?)?)```(?<language>tsx?)\b(?<rest>.*)$/

/** Where imports of documents outside the packages resolve: everything an app installs is there. */
const home = 'examples/hono-api'

/** The same for the guides to stores, whose clients are installed beside their drivers. */
const homeOfStores = 'packages/core'

/** The same for the guide to frameworks without a package of their own. */
const homeOfFrameworks = 'packages/hono-adapter'

/** Documents for who bundles, and writes imports as these do: without the end of the file's name. Others write for Node. */
const bundled = /^packages\/(next-adapter|react)\/README/

/**
 * @typedef {{ document: string, line: number, language: string, code: string, name?: string }} Block
 */

/**
 * The blocks of one document; `line` is the number of lines before the block's code.
 *
 * @param {string} document
 * @param {string} text
 * @returns {{ blocks: Block[], faults: string[] }}
 */
export function extractBlocks(document, text) {
  const lines = text.split('\n')
  /** @type {Block[]} */
  const blocks = []
  /** @type {string[]} */
  const faults = []
  for (let index = 0; index < lines.length; index++) {
    const { margin = '', language = 'ts', rest = '' } = fence.exec(lines[index] ?? '')?.groups ?? {}
    if (!fence.test(lines[index] ?? '')) continue
    if (isSource(document) && !margin.includes('*')) continue
    if (rest.trim() !== '') faults.push(`${document}:${index + 1} marks its block with "${rest.trim()}"`)
    const end = lines.findIndex((line, at) => at > index && /^[ \t]*(\*[ \t]?)?```[ \t]*$/.test(line))
    if (end === -1) {
      faults.push(`${document}:${index + 1} never closes its block`)
      break
    }
    const strip = margin.includes('*') ? /^[ \t]*\*[ \t]?/ : new RegExp(`^[ \\t]{0,${margin.length}}`)
    const body = lines.slice(index + 1, end).map((line) => line.replace(strip, ''))
    const [, name] = /^\/\/ ([\w./()[\]-]+\.tsx?)$/.exec(body[0]?.trim() ?? '') ?? []
    blocks.push({ document, line: index + 1, language, code: body.join('\n'), ...(name !== undefined && { name }) })
    index = end
  }
  return { blocks, faults }
}

/**
 * Writes the blocks where their imports resolve, checks them, and reports at the line of the document.
 *
 * @param {Block[]} blocks
 * @param {string[]} folders workspace folders
 * @returns {string[]}
 */
export function checkBlocks(blocks, folders) {
  const places = new Map(blocks.map((block, index) => [placeOf(block, index, blocks, folders), block]))
  const folderList = new Set([...folders].map((folder) => join(root, folder, '.examples')))
  try {
    for (const [file, { line, code }] of places) {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, `${'\n'.repeat(line)}${code}\nexport {}\n`)
    }
    return [false, true].flatMap((isBundled) => {
      const files = [...places].filter(([, { document }]) => bundled.test(document) === isBundled).map(([file]) => file)
      const program = typescript.createProgram(files, compilerOptions(isBundled))
      // What the blocks import was checked by `tsc -b`.
      const diagnostics = files.flatMap((file) => typescript.getPreEmitDiagnostics(program, program.getSourceFile(file)))
      return [...new Set(diagnostics)].map((diagnostic) => describe(diagnostic, places))
    })
  } finally {
    for (const folder of folderList) rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {Block} block
 * @param {number} index
 * @param {Block[]} blocks
 * @param {string[]} folders
 */
function placeOf(block, index, blocks, folders) {
  const owner = folders.find((folder) => block.document.startsWith(`${folder}/`)) ?? homeOf(block.document)
  const isFirst = blocks.findIndex(({ document, name }) => document === block.document && name === block.name) === index
  const name = block.name !== undefined && isFirst ? block.name : `block-${block.line}.${block.language}`
  return join(root, owner, '.examples', block.document.replaceAll(/[^\w-]/g, '-'), name)
}

/** @param {string} document outside the packages */
function homeOf(document) {
  if (document.startsWith('docs/stores/')) return homeOfStores
  return document === 'docs/frameworks.md' ? homeOfFrameworks : home
}

/** @param {boolean} isBundled */
function compilerOptions(isBundled) {
  const file = join(root, 'tsconfig.test.json')
  const { config } = typescript.readConfigFile(file, (path) => typescript.sys.readFile(path))
  const { options } = typescript.parseJsonConfigFileContent({ ...config, files: [] }, typescript.sys, root)
  const { tsBuildInfoFile: _, ...rest } = options
  const lenient = { noUnusedLocals: false, noUnusedParameters: false }
  const bundling = { module: typescript.ModuleKind.Preserve, moduleResolution: typescript.ModuleResolutionKind.Bundler }
  return { ...rest, ...lenient, ...(isBundled && bundling), incremental: false }
}

/**
 * @param {typescript.Diagnostic} diagnostic
 * @param {Map<string, Block>} places
 */
function describe({ file, start, messageText }, places) {
  const message = typescript.flattenDiagnosticMessageText(messageText, '\n  ')
  if (file === undefined) return message
  const line = file.getLineAndCharacterOfPosition(start ?? 0).line + 1
  const document = places.get(file.fileName)?.document ?? relative(root, file.fileName)
  return `${document}:${line} ${message}`
}

if (import.meta.main) {
  const folders = workspaceFolders()
  const markdown = listFiles(root, '').filter((path) => path.endsWith('.md') && !path.startsWith('docs/reference/'))
  const documents = new Map([
    ...readFiles(root, 'packages', (path) => isSource(path) && !isTest(path)),
    ...readFiles(root, 'examples', (path) => isSource(path) && !isTest(path)),
    ...readFiles(root, '', (path) => markdown.includes(path)),
  ])
  const extracted = [...documents].map(([document, text]) => extractBlocks(document, text))
  const blocks = extracted.flatMap((found) => found.blocks)
  const faults = extracted.flatMap((found) => found.faults)
  conclude([...faults, ...checkBlocks(blocks, folders)], `examples: ${blocks.length} blocks in ${documents.size} documents`)
}
