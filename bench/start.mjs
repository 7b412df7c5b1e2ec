// Builds the packages that are measured, then measures them as they would be published.
// Arguments choose groups by name: `npm run bench -- memory gate`.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, root } from '../tools/bootstrap.mjs'

const environment = ensureInstalled()

for (const folder of ['core', 'hono-adapter']) {
  const cwd = join(root, 'packages', folder)
  const build = spawnSync('tsup', [], { cwd, env: environment, shell: process.platform === 'win32', encoding: 'utf8' })
  if (build.status !== 0) {
    process.stderr.write(`${build.stdout}${build.stderr}\nThe build of packages/${folder} failed.\n`)
    process.exit(1)
  }
}
const main = join(root, 'bench', 'src', 'main.ts')
const run = spawnSync('node', ['--expose-gc', main, ...process.argv.slice(2)], { env: environment, stdio: 'inherit' })
process.exitCode = run.status ?? 1
