// Packs every package as it would be published, lets publint and attw judge the tarball, and follows its links.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, root, workspaceFolders } from './bootstrap.mjs'
import { findDanglingLinks } from './packed-links.mjs'
import { conclude } from './source-files.mjs'

const packed = join(root, 'node_modules', '.cache', 'packed')

/** What each tarball must hold for itself, whatever its build made. */
const required = ['package/package.json', 'package/LICENSE', 'package/README.md']

/**
 * @param {string} tarball
 * @returns {string[]}
 */
export function findTarballFaults(tarball) {
  const files = tar(['-tzf', tarball]).split('\n')
  const tests = files.filter((file) => /\.test\./.test(file))
  return [
    ...required.filter((file) => !files.includes(file)).map((file) => `no ${file}`),
    ...tests.map((file) => `${file} is a test`),
    ...judge('publint', ['run', tarball, '--strict']),
    ...judge('attw', [tarball, '--profile', 'esm-only', '--no-color']),
  ]
}

/**
 * @param {string} tarball
 * @returns {Map<string, string>} every file by its path in the package; the text of Markdown alone
 */
function readTarball(tarball) {
  const paths = tar(['-tzf', tarball]).split('\n').filter((path) => path !== '')
  return new Map(paths.map((path) => [path.replace('package/', ''), path.endsWith('.md') ? tar(['-xzOf', tarball, path]) : '']))
}

/** @param {string[]} tarArguments */
function tar(tarArguments) {
  return spawnSync('tar', tarArguments, { encoding: 'utf8' }).stdout
}

/**
 * @param {string} program
 * @param {string[]} programArguments
 * @param {string} [cwd]
 * @returns {string[]}
 */
function judge(program, programArguments, cwd = root) {
  const options = { cwd, encoding: /** @type {const} */ ('utf8'), shell: process.platform === 'win32' }
  const { status, stdout, stderr } = spawnSync(program, programArguments, { ...options, env: ensureInstalled() })
  return status === 0 ? [] : [`${program} says:\n${stdout}${stderr}`]
}

if (import.meta.main) {
  rmSync(packed, { recursive: true, force: true })
  mkdirSync(packed, { recursive: true })
  const folders = workspaceFolders().filter((folder) => folder.startsWith('packages/'))
  /** @type {Map<string, Map<string, string>>} */
  const published = new Map()
  const faults = folders.flatMap((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const tarball = join(packed, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
    const failed = judge('pnpm', ['pack', '--pack-destination', packed], join(root, folder))
    if (failed.length === 0) published.set(name, readTarball(tarball))
    const found = failed.length > 0 ? failed : findTarballFaults(tarball)
    return found.map((fault) => `${folder}: ${fault}`)
  })
  for (const name of published.keys()) faults.push(...findDanglingLinks(name, published).map((fault) => `${name}: ${fault}`))
  conclude(faults, `packages: ${folders.length} tarballs`)
}
