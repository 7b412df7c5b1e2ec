// Packs every package as it would be published, and lets publint and attw judge the tarball.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, root, workspaceFolders } from './bootstrap.mjs'
import { conclude } from './source-files.mjs'

const packed = join(root, 'node_modules', '.cache', 'packed')

/** What each tarball must hold for itself, whatever its build made. */
const required = ['package/package.json', 'package/LICENSE', 'package/README.md']

/**
 * @param {string} tarball
 * @returns {string[]}
 */
export function findTarballFaults(tarball) {
  const { stdout } = spawnSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
  const files = stdout.split('\n')
  const tests = files.filter((file) => /\.test\./.test(file))
  return [
    ...required.filter((file) => !files.includes(file)).map((file) => `no ${file}`),
    ...tests.map((file) => `${file} is a test`),
    ...judge('publint', ['run', tarball, '--strict']),
    ...judge('attw', [tarball, '--profile', 'esm-only', '--no-color', '--exclude-entrypoints', 'styles.css', 'admin.css']),
  ]
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
  const faults = folders.flatMap((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const tarball = join(packed, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
    const failed = judge('pnpm', ['pack', '--pack-destination', packed], join(root, folder))
    const found = failed.length > 0 ? failed : findTarballFaults(tarball)
    return found.map((fault) => `${folder}: ${fault}`)
  })
  conclude(faults, `packages: ${folders.length} tarballs`)
}
