import { type ArgsDef, type CommandDef, type ParsedArgs, parseArgs } from 'citty'
import { checkNames } from './check-settings.ts'
import type { Terminal } from './terminal.ts'

/** What a command knows of the process that it runs in. */
export interface Surroundings {
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly terminal: Terminal
}

/** 0: done, or there was nothing to do, or that was only asked. 1: something is wrong. 2: nobody said yes, or something is left to a person. */
export type ExitCode = 0 | 1 | 2

/** A command of the program: how its help shows it, and what it does with the arguments behind its name. */
export interface Command {
  readonly name: string
  readonly shown: CommandDef
  readonly run: (rawArgs: readonly string[], surroundings: Surroundings) => Promise<ExitCode>
}

/** A command with these settings; others are refused before it runs. */
export function createCommand<const Settings extends ArgsDef>(
  name: string,
  description: string,
  settings: Settings,
  run: (args: ParsedArgs<Settings>, surroundings: Surroundings) => ExitCode | Promise<ExitCode>,
): Command {
  return {
    name,
    shown: { meta: { name: `farebox ${name}`, description }, args: settings },
    async run(rawArgs, surroundings) {
      const args = parseArgs<Settings>([...rawArgs], settings)
      checkNames(args, settings, name)
      return run(args, surroundings)
    },
  }
}
