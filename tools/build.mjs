// Builds every package, two at a time, from declarations that `tsc` writes for all of them first. Prints one line per package,
// and the whole output of one that fails.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, root, workspaceFolders } from './bootstrap.mjs'

const environment = ensureInstalled()
const shell = process.platform === 'win32'
const waiting = workspaceFolders().filter((folder) => existsSync(join(root, folder, 'tsup.config.ts')))
const { status } = spawnSync('tsc', ['-b', ...waiting], { cwd: root, env: environment, shell, stdio: 'inherit' })
if (status !== 0) process.exit(1)

/** @param {string} folder */
function build(folder) {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn('tsup', [], { cwd: join(root, folder), env: environment, shell })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      process.stdout.write(code === 0 ? `${folder} ${seconds} s\n` : `${output}\n${folder} FAILED\n`)
      if (code !== 0) process.exitCode = 1
      resolve(undefined)
    })
  })
}

async function work() {
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) await build(folder)
}

await Promise.all([work(), work()])
