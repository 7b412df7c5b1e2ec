// Sets the workspace up, builds the dashboard and runs the example. Arguments go to the example.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ensureInstalled, root } from './bootstrap.mjs'

const cwd = join(root, 'examples', 'hono-api')
const installed = ensureInstalled()
/** @type {NodeJS.ProcessEnv} */
const environment = { ...installed, PATH: `${join(cwd, 'node_modules', '.bin')}${delimiter}${installed.PATH}` }

if (existsSync(join(cwd, 'vite.config.ts'))) {
  const build = spawnSync('vite', ['build', '--logLevel', 'error'], {
    cwd,
    env: environment,
    stdio: ['ignore', process.stderr, process.stderr],
    shell: process.platform === 'win32',
  })
  if (build.status !== 0) process.exit(1)
}

const main = spawn('node', ['--conditions=@farebox/source', 'src/main.ts', ...process.argv.slice(2)], {
  cwd,
  env: { ...environment, FAREBOX_DEV: environment.FAREBOX_DEV ?? '1' },
  stdio: 'inherit',
})
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => main.kill(signal))
main.on('exit', (code) => process.exit(code ?? 1))
