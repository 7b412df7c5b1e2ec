// Sets the workspace up and makes Stripe sell what the example's catalog says. Arguments go to `farebox push`.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, root } from './bootstrap.mjs'

const program = join(root, 'packages', 'cli', 'src', 'bin.ts')

const push = spawn('node', ['--conditions=@farebox/source', program, 'push', ...process.argv.slice(2)], {
  cwd: join(root, 'examples', 'hono-api'),
  env: ensureInstalled(),
  stdio: 'inherit',
})
push.on('exit', (code) => process.exit(code ?? 1))
