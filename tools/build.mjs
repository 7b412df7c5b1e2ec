// Builds every package, two at a time. Prints one line per package, and the whole output of one that fails.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, root, workspaceFolders } from './bootstrap.mjs'

const environment = ensureInstalled()
const waiting = workspaceFolders().filter((folder) => existsSync(join(root, folder, 'tsup.config.ts')))

/** @param {string} folder */
function build(folder) {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn('tsup', [], { cwd: join(root, folder), env: environment, shell: process.platform === 'win32' })
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
