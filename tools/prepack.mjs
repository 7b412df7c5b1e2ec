// Runs before a package is packed, in its folder, and refuses what could not be installed: pnpm alone writes the versions
// of what a package needs and the entries of `publishConfig` into its manifest, and nothing but the build makes `dist`.
import { existsSync } from 'node:fs'

const faults = [
  ...(process.env.npm_config_user_agent?.startsWith('pnpm/') ? [] : ['Use pnpm, as `npx changeset publish` does: others leave `workspace:` and `catalog:` in the manifest']),
  ...(existsSync('dist/index.js') ? [] : ['Build first, with `npm run build` in the root: there is no dist']),
]
for (const fault of faults) process.stderr.write(`${fault}\n`)
process.exitCode = faults.length === 0 ? 0 : 1
