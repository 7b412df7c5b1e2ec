// Makes an app of its own from the example: `npm run fork -- ../my-app`. With `--packages <folder>` it takes Farebox from
// tarballs there (`pnpm pack`) in place of the registry.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root, workspaceFolders } from './bootstrap.mjs'

const example = join(root, 'examples', 'hono-api')
const copied = ['billing.ts', 'dashboard', 'src', 'LICENSE']

/** Options of the workspace alone: an app resolves what is published, and emits nothing. */
const workspaceOptions = [
  'customConditions', 'isolatedDeclarations', 'rewriteRelativeImportExtensions', 'declaration', 'emitDeclarationOnly', 'incremental',
]

/** What only the example's own tests need. */
const testTools = ['axe-core', 'playwright-core', 'vitest']

/**
 * Writes the app into `folder`, which must be empty or not be there.
 *
 * @param {string} folder
 * @param {string} [packages] a folder with tarballs
 */
export function forkExample(folder, packages) {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new Error(`${folder} is not empty`)
  mkdirSync(folder, { recursive: true })
  for (const name of copied) cpSync(join(example, name), join(folder, name), { recursive: true })
  const write = (/** @type {string} */ name, /** @type {string} */ text) => writeFileSync(join(folder, name), text)
  write('package.json', json(manifestOf(packages)))
  write('tsconfig.json', json({ compilerOptions: compilerOptions(), include: ['src', 'dashboard', '*.ts'] }))
  write('vite.config.ts', readFileSync(join(example, 'vite.config.ts'), 'utf8').replace(/^.*(workspace|resolve).*\n/gm, ''))
  write('.env', '# Stand-ins for Stripe and the sign-in, while keys are missing. Never in production.\nFAREBOX_DEV=1\n')
  write('.gitignore', 'node_modules\ndist\n.env\n')
}

/** @param {string | undefined} packages */
function manifestOf(packages) {
  const { version, license, type, engines, dependencies, devDependencies } = readJson(join(example, 'package.json'))
  const tools = Object.entries({ '@types/node': 'catalog:', ...devDependencies, typescript: 'catalog:' })
  const versioned = (/** @type {[string, string][]} */ list) => Object.fromEntries(list.map(([name, wanted]) => [name, versionOf(name, wanted, packages)]))
  return {
    name: 'my-app',
    version,
    private: true,
    license,
    type,
    engines,
    scripts: {
      dev: 'vite build --logLevel warn && node --env-file=.env src/main.ts',
      build: 'vite build',
      start: 'node src/main.ts',
      push: 'farebox push',
      types: 'tsc',
    },
    dependencies: versioned(Object.entries(dependencies)),
    devDependencies: versioned(tools.filter(([name]) => !testTools.includes(name))),
  }
}

/**
 * @param {string} name
 * @param {string} wanted
 * @param {string | undefined} packages
 */
function versionOf(name, wanted, packages) {
  if (wanted === 'catalog:') {
    const [, version] = new RegExp(`^ {2}'?${name}'?: (\\d\\S*)$`, 'm').exec(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')) ?? []
    if (version === undefined) throw new Error(`${name} is not in the catalog of pnpm-workspace.yaml`)
    return `^${version}`
  }
  const manifests = workspaceFolders().map((folder) => readJson(join(root, folder, 'package.json')))
  const { version } = manifests.find((manifest) => manifest.name === name)
  if (packages === undefined) return `^${version}`
  return `file:${resolve(packages, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)}`
}

function compilerOptions() {
  const options = Object.entries(readJson(join(root, 'tsconfig.base.json')).compilerOptions)
  const own = options.filter(([name]) => !workspaceOptions.includes(name))
  return { ...Object.fromEntries(own), types: ['node', 'vite/client'], noEmit: true }
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** @param {unknown} value */
function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`
}

if (import.meta.main) {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { packages: { type: 'string' } } })
  const [folder] = positionals
  if (folder === undefined || positionals.length > 1) {
    process.stderr.write('Name the folder of the new app: npm run fork -- ../my-app\n')
    process.exit(2)
  }
  try {
    forkExample(resolve(folder), values.packages)
    process.stdout.write(`Your app is in ${folder}. Go on there with: npm install && npm run dev\n`)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
}
