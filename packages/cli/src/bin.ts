#!/usr/bin/env node
import { main } from './main.ts'
import { processTerminal } from './terminal.ts'

const code = await main(process.argv.slice(2), {
  folder: process.cwd(),
  environment: process.env,
  terminal: processTerminal(),
})
// The app that a command loaded may hold connections open, which would keep the process.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
