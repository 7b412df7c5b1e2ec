// Sets the workspace up and runs the Next.js example. Next bundles packages as they are published, so they are built first.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, root, workspaceFolders } from './bootstrap.mjs'

const environment = ensureInstalled()
if (!workspaceFolders().filter((folder) => folder.startsWith('packages/')).every(isBuilt)) {
  const { status } = spawnSync('node', ['tools/build.mjs'], { cwd: root, env: environment, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

const app = spawn('node', ['--env-file-if-exists=.env', 'dev.ts'], { cwd: join(root, 'examples', 'next-app'), env: environment, stdio: 'inherit' })
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => app.kill(signal))
app.on('exit', (code) => process.exit(code ?? 1))

/**
 * Whether a package was built after its last change.
 *
 * @param {string} folder
 */
function isBuilt(folder) {
  const built = join(root, folder, 'dist', 'index.js')
  const sources = join(root, folder, 'src')
  if (!existsSync(built)) return false
  const { mtimeMs } = statSync(built)
  return readdirSync(sources, { recursive: true, encoding: 'utf8' }).every((name) => statSync(join(sources, name)).mtimeMs <= mtimeMs)
}
