import { FareboxError } from '@farebox/core'
import { type ParsedArgs, defineCommand, parseArgs, renderUsage } from 'citty'
import { describeFailure } from './describe-failure.ts'
import { doctor } from './doctor.ts'
import { printMigrations } from './print-migrations.ts'
import { type PushOutcome, push } from './push.ts'
import { type ReconcileOutcome, reconcile } from './reconcile.ts'
import { replay } from './replay.ts'
import type { Terminal } from './terminal.ts'

/** What a command knows of the process that it runs in. */
export interface Surroundings {
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly terminal: Terminal
}

const settings = {
  config: { type: 'string', description: 'The file that exports your catalog', valueHint: 'billing.ts' },
  'dry-run': { type: 'boolean', description: 'Show what would change, and change nothing' },
  yes: { type: 'boolean', description: 'Change without asking; needed for a live key' },
  json: { type: 'boolean', description: 'Answer in JSON' },
  installation: { type: 'string', description: 'The name of this app, where several share one Stripe account', valueHint: 'shop' },
  'api-base': { type: 'string', description: 'Where Stripe is, for a simulator', valueHint: 'http://127.0.0.1:12111' },
} as const

const pushCommand = defineCommand({
  meta: { name: 'farebox push', description: 'Make Stripe sell what your catalog says' },
  args: settings,
})

const migrationsSettings = {
  store: { type: 'positional', description: 'postgres, sqlite or d1', required: false },
  after: { type: 'string', description: 'Only what comes after this version', valueHint: '1' },
} as const

const migrationsCommand = defineCommand({
  meta: { name: 'farebox migrations', description: 'Print the SQL that makes the tables of a store' },
  args: migrationsSettings,
})

const { config, json, installation } = settings

const reconcileSettings = {
  config: { ...config, description: 'The file that exports your farebox' },
  'dry-run': { type: 'boolean', description: 'Show what differs, and change nothing' },
  json,
  rate: { type: 'string', description: 'How many customers a second are looked at, up to 100; 5 unless said otherwise', valueHint: '20' },
  cursor: { type: 'string', description: 'Where a former run was stopped', valueHint: '[...]' },
} as const

const reconcileCommand = defineCommand({
  meta: { name: 'farebox reconcile', description: 'Compare every customer with Stripe, and repair what differs' },
  args: reconcileSettings,
})

const replaySettings = { config: reconcileSettings.config, json } as const

const replayCommand = defineCommand({
  meta: { name: 'farebox replay', description: 'Try every event again that was put aside' },
  args: replaySettings,
})

const doctorSettings = {
  config,
  url: { type: 'string', description: 'Where the app\'s billing routes are', valueHint: 'https://app.example/api/billing' },
  json,
  installation,
  'api-base': settings['api-base'],
} as const

const doctorCommand = defineCommand({
  meta: { name: 'farebox doctor', description: 'Look at all that has to be right between Stripe, the app and your catalog' },
  args: doctorSettings,
})

const commands = {
  push: pushCommand, doctor: doctorCommand, reconcile: reconcileCommand, replay: replayCommand, migrations: migrationsCommand,
}

const helps: Readonly<Record<keyof typeof commands, () => Promise<string>>> = {
  push: () => renderUsage(pushCommand),
  doctor: () => renderUsage(doctorCommand),
  reconcile: () => renderUsage(reconcileCommand),
  replay: () => renderUsage(replayCommand),
  migrations: () => renderUsage(migrationsCommand),
}

const program = defineCommand({
  meta: { name: 'farebox', description: 'Plans, usage limits and Stripe billing inside the app that already exists' },
  subCommands: commands,
})

/** 0: done, or there was nothing to do, or that was only asked. 1: something is wrong. 2: nobody said yes, or something is left to a person. */
export type ExitCode = 0 | 1 | 2

/** Runs the command that the arguments name and answers its exit code. Never throws; no stack trace is shown. */
export async function main(rawArgs: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal } = surroundings
  const [command, ...rest] = rawArgs
  if (isAskedForHelp(rawArgs)) {
    terminal.print(await renderHelp(command))
    return 0
  }
  try {
    if (command === 'push') return exitCodes[await runPush(rest, surroundings)]
    if (command === 'migrations') return runMigrations(rest, terminal)
    if (command === 'reconcile') return reconcileCodes[await runReconcile(rest, surroundings)]
    if (command === 'replay') return (await runReplay(rest, surroundings)) === 'done' ? 0 : 2
    if (command === 'doctor') return (await runDoctor(rest, surroundings)) === 'well' ? 0 : 1
    throw badUsage(command ?? 'command', `There are these commands: ${Object.keys(commands).join(', ')}`)
  } catch (error) {
    terminal.complain(describeFailure(error, rest.includes('--json')))
    return 1
  }
}

async function renderHelp(command: string | undefined): Promise<string> {
  const known = Object.entries(helps).find(([name]) => name === command)
  return known === undefined ? renderUsage(program) : known[1]()
}

function runMigrations(rawArgs: readonly string[], terminal: Terminal): ExitCode {
  const { _: [store, ...loose], ...named } = parseArgs([...rawArgs], { after: migrationsSettings.after })
  checkNames({ ...named, _: loose }, ['after'], 'migrations')
  printMigrations({ store, after: named.after }, terminal)
  return 0
}

async function runPush(rawArgs: readonly string[], { folder, environment, terminal }: Surroundings): Promise<PushOutcome> {
  const args: ParsedArgs<typeof settings> = parseArgs([...rawArgs], settings)
  checkNames(args, ['dryRun', 'apiBase', ...Object.keys(settings)], 'push')
  return push({
    folder,
    config: args.config,
    // An empty variable is one that is not set.
    installation: checkInstallation(args.installation ?? (environment['FAREBOX_INSTALLATION'] || undefined)),
    dryRun: args['dry-run'] === true,
    yes: args.yes === true,
    json: args.json === true,
    secretKey: environment['STRIPE_SECRET_KEY'],
    apiBase: args['api-base'] ?? environment['STRIPE_API_BASE'],
  }, terminal)
}

async function runReconcile(rawArgs: readonly string[], { folder, terminal }: Surroundings): Promise<ReconcileOutcome> {
  const args: ParsedArgs<typeof reconcileSettings> = parseArgs([...rawArgs], reconcileSettings)
  checkNames(args, ['dryRun', ...Object.keys(reconcileSettings)], 'reconcile')
  const isDryRun = args['dry-run'] === true
  const customersPerSecond = checkRate(args.rate)
  return reconcile({ folder, config: args.config, dryRun: isDryRun, json: args.json === true, cursor: args.cursor, customersPerSecond }, terminal)
}

function checkRate(rate: string | undefined): number | undefined {
  if (rate === undefined) return undefined
  const perSecond = Number(rate)
  if (rate.trim() !== '' && perSecond > 0 && perSecond <= 100) return perSecond
  throw badUsage('rate', 'Give how many customers a second: a number above 0, up to 100')
}

async function runReplay(rawArgs: readonly string[], { folder, terminal }: Surroundings): Promise<'done' | 'left'> {
  const args: ParsedArgs<typeof replaySettings> = parseArgs([...rawArgs], replaySettings)
  checkNames(args, Object.keys(replaySettings), 'replay')
  return replay({ folder, config: args.config, json: args.json === true }, terminal)
}

async function runDoctor(rawArgs: readonly string[], { folder, environment, terminal }: Surroundings): Promise<'well' | 'faulty'> {
  const args: ParsedArgs<typeof doctorSettings> = parseArgs([...rawArgs], doctorSettings)
  checkNames(args, ['apiBase', ...Object.keys(doctorSettings)], 'doctor')
  return doctor({
    folder,
    config: args.config,
    installation: checkInstallation(args.installation ?? (environment['FAREBOX_INSTALLATION'] || undefined)),
    url: checkUrl(args.url ?? (environment['FAREBOX_URL'] || undefined)),
    webhookSecret: environment['STRIPE_WEBHOOK_SECRET'],
    json: args.json === true,
    secretKey: environment['STRIPE_SECRET_KEY'],
    apiBase: args['api-base'] ?? environment['STRIPE_API_BASE'],
  }, terminal)
}

function checkUrl(url: string | undefined): string | undefined {
  if (url === undefined || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return url
  throw badUsage('url', 'Give an address, such as https://app.example/api/billing')
}

/** A misspelt `--dryrun` must not push. */
function checkNames(args: object, known: readonly string[], command: string): void {
  const unknown = Object.keys(args).filter((name) => name !== '_' && !known.includes(name))
  const loose: unknown = '_' in args ? args._ : []
  if (Array.isArray(loose)) unknown.push(...loose.filter((item): item is string => typeof item === 'string'))
  const [first] = unknown
  if (first !== undefined) throw badUsage(first, `There is no such setting: see farebox ${command} --help`)
}

function checkInstallation(name: string | undefined): string | undefined {
  if (name === undefined || /^[a-z][A-Za-z0-9-]{0,63}$/.test(name)) return name
  throw badUsage('installation', 'Begin with a small letter, then use up to 63 letters, digits and hyphens')
}

function isAskedForHelp(rawArgs: readonly string[]): boolean {
  return rawArgs.length === 0 || rawArgs.includes('--help') || rawArgs.includes('-h')
}

function badUsage(path: string, message: string): FareboxError {
  return new FareboxError('invalid-configuration', 'The command is not understood', { faults: [{ path, message }] })
}

const reconcileCodes: Readonly<Record<ReconcileOutcome, ExitCode>> = { same: 0, repaired: 0, left: 2, stopped: 1 }

const exitCodes: Readonly<Record<PushOutcome, ExitCode>> = { same: 0, pushed: 0, planned: 0, refused: 2 }
