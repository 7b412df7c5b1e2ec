import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** @typedef {'Bun' | 'Deno'} RuntimeName What else than Node runs the sources as they are. */

/** @type {readonly RuntimeName[]} */
export const runtimeNames = ['Bun', 'Deno']

/**
 * How a file of the workspace is run; its own arguments come behind.
 *
 * @type {Readonly<Record<RuntimeName, readonly string[]>>}
 */
export const runtimeArguments = {
  Bun: ['--conditions=@farebox/source'],
  Deno: ['run', '--allow-all', '--no-lock', '--conditions=@farebox/source'],
}

/** @type {Readonly<Record<RuntimeName, { packages: Partial<Record<string, string>>, program: string }>>} */
const runtimes = {
  Bun: { packages: { 'linux-x64': '@oven/bun-linux-x64', 'linux-arm64': '@oven/bun-linux-aarch64' }, program: 'bin/bun' },
  Deno: { packages: { 'linux-x64': '@deno/linux-x64-glibc', 'linux-arm64': '@deno/linux-arm64-glibc' }, program: 'deno' },
}

/**
 * The program of a runtime, or `undefined` when none was installed for this platform. In CI it throws where one should have been.
 *
 * @param {RuntimeName} name
 * @returns {string | undefined}
 */
export function findRuntime(name) {
  const { packages, program } = runtimes[name]
  const installed = packages[`${process.platform}-${process.arch}`]
  if (installed === undefined) return undefined
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${installed}/package.json`)), program)
  } catch (error) {
    if (process.env['CI'] !== undefined) throw error
    return undefined
  }
}
