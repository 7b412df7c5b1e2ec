import { readFileSync } from 'node:fs'
import { defineCommand, renderUsage } from 'citty'
import { badUsage } from './check-settings.ts'
import type { ExitCode, Surroundings } from './command.ts'
import { commands } from './commands.ts'
import { describeFailure } from './describe-failure.ts'

const version = readVersion()

const program = defineCommand({
  meta: { name: 'farebox', version, description: 'Plans, usage limits and Stripe billing inside the app that already exists' },
  subCommands: Object.fromEntries(commands.map(({ name, shown }) => [name, shown])),
})

/** Runs the command that the arguments name and answers its exit code. Never throws; no stack trace is shown. */
export async function main(rawArgs: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal } = surroundings
  const [name, ...rest] = rawArgs
  const command = commands.find((item) => item.name === name)
  if (isAskedForHelp(rawArgs)) {
    terminal.print(await renderUsage(command?.shown ?? program))
    return 0
  }
  if (name === '--version') {
    terminal.print(version)
    return 0
  }
  try {
    if (command !== undefined) return await command.run(rest, surroundings)
    throw badUsage(name ?? 'command', `There are these commands: ${commands.map((item) => item.name).join(', ')}`)
  } catch (error) {
    terminal.complain(describeFailure(error, rest.includes('--json')))
    return 1
  }
}

function isAskedForHelp(rawArgs: readonly string[]): boolean {
  return rawArgs.length === 0 || rawArgs.includes('--help') || rawArgs.includes('-h')
}

/** That of the package, whose manifest stands beside both `src` and `dist`. */
function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown'
}
