import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { root, workspaceFolders } from './bootstrap.mjs'

/**
 * @param {string} agent
 * @param {boolean} isBuilt
 */
function prepack(agent, isBuilt) {
  const cwd = mkdtempSync(join(tmpdir(), 'farebox-prepack-'))
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  if (isBuilt) {
    mkdirSync(join(cwd, 'dist'))
    writeFileSync(join(cwd, 'dist', 'index.js'), '')
  }
  const env = { ...process.env, npm_config_user_agent: agent }
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'tools', 'prepack.mjs')], { cwd, env, encoding: 'utf8' })
  return { status, stderr }
}

it('lets pnpm pack what is built, and nothing else', () => {
  expect(prepack('pnpm/12.4.2 npm/? node/v24.21.0 linux x64', true)).toEqual({ status: 0, stderr: '' })
  expect(prepack('npm/11.19.1 node/v24.21.0 linux x64', true)).toEqual({ status: 1, stderr: expect.stringContaining('Use pnpm') })
  expect(prepack('pnpm/12.4.2 npm/? node/v24.21.0 linux x64', false)).toEqual({ status: 1, stderr: expect.stringContaining('Build first') })
})

it('is asked by every package', () => {
  for (const folder of workspaceFolders().filter((path) => path.startsWith('packages/'))) {
    const { scripts } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    expect({ folder, prepack: scripts.prepack }).toEqual({ folder, prepack: 'node ../../tools/prepack.mjs' })
  }
})
