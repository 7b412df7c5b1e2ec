// Makes an app of its own from an example: `npm run fork -- ../my-app`, with `--example next-app` from another one than `hono-api`.
// With `--packages <folder>` it takes Farebox from tarballs there (`pnpm pack`) in place of the registry.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { root, workspaceFolders } from './bootstrap.mjs'

/** Options of the workspace alone: an app resolves what is published, and emits nothing. */
const workspaceOptions = [
  'customConditions', 'isolatedDeclarations', 'rewriteRelativeImportExtensions', 'declaration', 'emitDeclarationOnly',
]

/** What only the examples' own tests need. */
const testTools = ['axe-core', 'playwright-core', 'vitest']

/** What an app takes from its example as it is, and what it has otherwise. */
const examples = {
  'hono-api': {
    copied: ['billing.ts', 'dashboard', 'src', 'LICENSE'],
    scripts: {
      dev: 'vite build --logLevel warn && node --env-file=.env src/main.ts',
      build: 'vite build',
      start: 'node src/main.ts',
      push: 'farebox push',
      types: 'tsc',
    },
    files: {
      'vite.config.ts': withoutWorkspace(join('examples', 'hono-api', 'vite.config.ts')),
      '.env': '# Stand-ins for Stripe and the sign-in, while keys are missing. Never in production.\nFAREBOX_DEV=1\n',
      '.gitignore': 'node_modules\ndist\n*.tsbuildinfo\n.env\n',
    },
  },
  'next-app': {
    copied: ['app', 'billing.ts', 'dev.ts', 'farebox.ts', 'fortunes.ts', 'next.config.ts', 'sign-in.ts', 'stripe.ts', '.gitignore', 'LICENSE'],
    scripts: { dev: 'node --env-file-if-exists=.env dev.ts', build: 'next build', start: 'next start', push: 'farebox push', types: 'tsc' },
    files: {},
  },
}

/** @param {string} file */
function withoutWorkspace(file) {
  return readFileSync(join(root, file), 'utf8').replace(/^.*(workspace|resolve).*\n/gm, '')
}

/**
 * Writes the app into `folder`, which must be empty or not be there.
 *
 * @param {string} folder
 * @param {{ example?: string | undefined, packages?: string | undefined }} [options] `packages` is a folder with tarballs
 */
export function forkExample(folder, { example: name = 'hono-api', packages } = {}) {
  const known = Object.entries(examples).find(([example]) => example === name)
  if (known === undefined) throw new Error(`There is no example ${name}. There are: ${Object.keys(examples).join(', ')}.`)
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new Error(`${folder} is not empty`)
  const [, { copied, scripts, files }] = known
  const example = join(root, 'examples', name)
  mkdirSync(folder, { recursive: true })
  for (const path of copied) cpSync(join(example, path), join(folder, path), { recursive: true })
  const made = { 'package.json': json(manifestOf(example, scripts, packages)), 'tsconfig.json': json(tsconfigOf(example)), ...files }
  for (const [path, text] of Object.entries(made)) writeFileSync(join(folder, path), text)
}

/**
 * @param {string} example
 * @param {Record<string, string>} scripts
 * @param {string | undefined} packages
 */
function manifestOf(example, scripts, packages) {
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
    scripts,
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

/** @param {string} example */
function tsconfigOf(example) {
  const { compilerOptions, include, exclude } = readJson(join(example, 'tsconfig.json'))
  const options = Object.entries({ ...readJson(join(root, 'tsconfig.base.json')).compilerOptions, ...compilerOptions, noEmit: true })
  return {
    compilerOptions: Object.fromEntries(options.filter(([name]) => !workspaceOptions.includes(name))),
    include: include.filter((/** @type {string} */ path) => path !== 'test' && !path.startsWith('..')),
    exclude,
  }
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** @param {unknown} value */
function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`
}

// Node 20 has no `import.meta.main`, and nothing need be installed for this.
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { example: { type: 'string' }, packages: { type: 'string' } } })
  const [folder] = positionals
  if (folder === undefined || positionals.length > 1) {
    process.stderr.write('Name the folder of the new app: npm run fork -- ../my-app\n')
    process.exit(2)
  }
  try {
    forkExample(resolve(folder), values)
    process.stdout.write(`Your app is in ${folder}. Go on there with: npm install && npm run dev\n`)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
}
