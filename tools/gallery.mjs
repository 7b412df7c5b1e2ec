// Builds the gallery of packages/react, every component in every state on one page, into packages/react/.gallery.
import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { ensureInstalled, root } from './bootstrap.mjs'

const folder = join(root, 'packages', 'react')

/** Where the built page lies. */
export const galleryFolder = join(folder, '.gallery')

/** Builds it. Whether that succeeded; if not, the reason has been printed. */
export function buildGallery() {
  const environment = ensureInstalled()
  const { status } = spawnSync('vite', ['build', 'gallery', '--logLevel', 'warn'], {
    cwd: folder,
    env: { ...environment, PATH: `${join(folder, 'node_modules', '.bin')}${delimiter}${environment.PATH}` },
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  return status === 0
}

if (import.meta.main) {
  if (buildGallery()) process.stdout.write('gallery: packages/react/.gallery\n')
  else process.exitCode = 1
}
