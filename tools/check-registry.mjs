// Proves that the registry is what its sources say, and that every item of it compiles in a fresh app: strict TypeScript and a
// Vite build with Tailwind, against the packages as they would be published. TypeScript is that of apps, not the native one.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { ensureInstalled, root } from './bootstrap.mjs'
import { conclude } from './source-files.mjs'

const react = join(root, 'packages', 'react')
const app = join(root, 'node_modules', '.cache', 'registry-app')
const binaries = join(react, 'node_modules', '.bin')
const packed = join(app, 'packed')

/** What an app of Vite, React and Tailwind has beside what it adds. */
const files = {
  'package.json': JSON.stringify({ name: 'registry-app', private: true, type: 'module' }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'ES2022', lib: ['ES2022', 'DOM', 'DOM.Iterable'], module: 'ESNext', moduleResolution: 'Bundler', jsx: 'react-jsx', noEmit: true,
      strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noUnusedLocals: true, noUnusedParameters: true, types: [],
    },
    include: ['src'],
  }),
  'index.html': '<!doctype html><html lang="en"><body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>',
  'vite.config.js': `import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
export default { plugins: [react(), tailwind()], logLevel: 'warn' }
`,
  'src/style.d.ts': "declare module '*.css'\n",
  'src/style.css': `@import 'tailwindcss';
@theme inline {
${['background', 'foreground', 'card', 'card-foreground', 'primary', 'primary-foreground', 'muted', 'muted-foreground', 'destructive', 'border', 'ring']
    .map((token) => `  --color-${token}: var(--${token});`)
    .join('\n')}
}
`,
}

/**
 * @param {string} program
 * @param {string[]} programArguments
 * @param {string} [cwd]
 * @returns {string[]}
 */
function judge(program, programArguments, cwd = app) {
  const environment = ensureInstalled()
  const { status, stdout, stderr } = spawnSync(program, programArguments, {
    cwd,
    encoding: 'utf8',
    env: { ...environment, PATH: `${binaries}${delimiter}${environment.PATH}`, NODE_ENV: 'production' },
    shell: process.platform === 'win32',
  })
  return status === 0 ? [] : [`${program} ${programArguments[0] ?? ''} says:\n${stdout}${stderr}`]
}

/** Installs a package of the workspace as it would be published. @param {string} name */
function installPacked(name) {
  const faults = judge('pnpm', ['pack', '--pack-destination', packed], join(root, 'packages', name))
  const tarball = readdirSync(packed).find((file) => file.startsWith(`farebox-${name}-`))
  if (tarball === undefined) return faults
  const unpacked = join(packed, name)
  mkdirSync(unpacked)
  faults.push(...judge('tar', ['-xzf', join(packed, tarball), '-C', unpacked]))
  cpSync(join(unpacked, 'package'), join(app, 'node_modules', '@farebox', name), { recursive: true })
  return faults
}

/** @param {string} name @param {string} owner the package of the workspace that has it */
function link(name, owner) {
  const target = join(app, 'node_modules', name)
  mkdirSync(dirname(target), { recursive: true })
  symlinkSync(join(root, 'packages', owner, 'node_modules', name), target, 'junction')
}

/** @param {string} path @param {string} text */
function write(path, text) {
  mkdirSync(dirname(join(app, path)), { recursive: true })
  writeFileSync(join(app, path), text)
}

/** Adds every item as the command line of shadcn does: its files to their targets. The names of its components. */
function addItems() {
  const served = join(react, 'registry', 'r')
  return readdirSync(served).map((name) => {
    const item = JSON.parse(readFileSync(join(served, name), 'utf8'))
    for (const { target, content } of item.files) write(join('src', target), content)
    return /** @type {string} */ (item.name)
  })
}

const faults = judge('node', [join(root, 'tools', 'registry.mjs')], root)
rmSync(app, { recursive: true, force: true })
mkdirSync(packed, { recursive: true })
for (const name of ['react', 'react-dom', '@types/react', '@types/react-dom', 'vite', '@vitejs/plugin-react', 'tailwindcss', '@tailwindcss/vite']) link(name, 'react')
link('zod', 'core')
faults.push(...installPacked('core'), ...installPacked('react'))
for (const [path, text] of Object.entries(files)) write(path, text)
const items = addItems()
write(
  'src/main.tsx',
  `import './style.css'
import { createRoot } from 'react-dom/client'
${items.map((name, index) => `import * as item${index} from './components/billing/${name}'`).join('\n')}
const root = document.getElementById('root')
if (root) createRoot(root).render(<pre>{[${items.map((_, index) => `item${index}`).join(', ')}].map((item) => Object.keys(item).join(' ')).join('\\n')}</pre>)
`,
)
if (faults.length === 0) faults.push(...judge('node', [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.']), ...judge('vite', ['build']))
if (faults.length === 0) {
  const assets = join(app, 'dist', 'assets')
  const css = readdirSync(assets).filter((name) => name.endsWith('.css')).map((name) => readFileSync(join(assets, name), 'utf8')).join('')
  for (const needed of ['.bg-card', 'data-slot=plan-card', 'var(--muted-foreground)']) {
    if (!css.includes(needed)) faults.push(`Tailwind found no ${needed} in the items`)
  }
}
conclude(faults, `registry: ${items.length} items in a fresh app`)
