import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the repository, without a trailing separator. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')

const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
const binaries = join(root, 'node_modules', '.bin')
const stampFile = join(root, 'node_modules', '.farebox-installed')

/** Every folder of the workspace that has a manifest of its own, relative to the root. */
export function workspaceFolders() {
  const nested = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  )
  return [...nested, 'bench'].filter((folder) => existsSync(join(root, folder, 'package.json'))).toSorted()
}

function manifestStamp() {
  const hash = createHash('sha256')
  const manifests = ['', ...workspaceFolders()].map((folder) => join(root, folder, 'package.json'))
  for (const file of [...manifests, join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml')]) {
    hash.update(readFileSync(file))
  }
  return hash.digest('hex')
}

/**
 * Installs the workspace when it is not yet installed as the manifests say, and returns the environment in which
 * the tools of the workspace run. Touches no network when nothing changed since the last installation.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function ensureInstalled() {
  const installed = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : ''
  if (installed !== manifestStamp()) {
    const command = ['npx', '--yes', pnpm, 'install', '--prefer-offline']
    const isDone = retry(() => {
      process.stderr.write(`Installing: ${command.join(' ')}\n`)
      const { status } = spawnSync(command[0], command.slice(1), {
        cwd: root,
        stdio: ['ignore', process.stderr, process.stderr],
        shell: process.platform === 'win32',
      })
      return status === 0
    })
    if (!isDone) {
      process.stderr.write('The installation failed; its own message stands above.\n')
      process.exit(1)
    }
    writeFileSync(stampFile, manifestStamp())
  }
  const environment = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}` }
  requireNode(environment)
  return environment
}

/** @param {NodeJS.ProcessEnv} environment */
function requireNode(environment) {
  const { stdout } = spawnSync('node', ['--version'], { env: environment, encoding: 'utf8' })
  const [major = 0, minor = 0] = stdout.slice(1).split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 2)) return
  process.stderr.write(`The workspace runs on Node 24.2 or newer; this is ${stdout.trim()}. Install it from nodejs.org.\n`)
  process.exit(1)
}

/**
 * What `find` finds, after an installation of Debian's package where it finds nothing and this process may install.
 *
 * @param {string} debianPackage
 * @param {() => string | undefined} find
 * @returns {string | undefined}
 */
export function provideProgram(debianPackage, find) {
  const isDebian = process.platform === 'linux' && existsSync('/etc/debian_version')
  if (find() !== undefined || !isDebian || process.getuid?.() !== 0) return find()
  const options = { stdio: /** @type {const} */ ('inherit'), env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  const patience = ['-q', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3']
  retry(() => {
    for (const step of ['update', `install -y --no-install-recommends ${debianPackage}`]) {
      process.stdout.write(`\n== Debian: apt-get ${step}\n`)
      spawnSync('apt-get', [...patience, ...step.split(' ')], options)
    }
    return find() !== undefined
  })
  return find()
}

/**
 * Works until it is done, three times at most: a network or a mirror that is away is often back soon, and so is a lock.
 *
 * @param {() => boolean} work whether it is done
 * @returns {boolean}
 */
function retry(work) {
  for (const pause of [5_000, 20_000]) {
    if (work()) return true
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
  }
  return work()
}
