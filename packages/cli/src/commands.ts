import { checkInstallation, checkRate, checkUrl } from './check-settings.ts'
import { type Command, type ExitCode, createCommand } from './command.ts'
import { doctor } from './doctor.ts'
import { printMigrations } from './print-migrations.ts'
import { type PushOutcome, push } from './push.ts'
import { type ReconcileOutcome, reconcile } from './reconcile.ts'
import { replay } from './replay.ts'

const catalogFile = { type: 'string', description: 'The file that exports your catalog', valueHint: 'billing.ts' } as const
const fareboxFile = { ...catalogFile, description: 'The file that exports your farebox' } as const
const json = { type: 'boolean', description: 'Answer in JSON' } as const
const installation = { type: 'string', description: 'The name of this app, where several share one Stripe account', valueHint: 'shop' } as const
const apiBase = { type: 'string', description: 'Where Stripe is, for a simulator', valueHint: 'http://127.0.0.1:12111' } as const

const pushCodes: Readonly<Record<PushOutcome, ExitCode>> = { same: 0, pushed: 0, planned: 0, refused: 2 }

const pushCommand = createCommand('push', 'Make Stripe sell what your catalog says', {
  config: catalogFile,
  'dry-run': { type: 'boolean', description: 'Show what would change, and change nothing' },
  yes: { type: 'boolean', description: 'Change without asking; needed for a live key' },
  json,
  installation,
  'api-base': apiBase,
}, async (args, { folder, environment, terminal }) => pushCodes[await push({
  folder,
  config: args.config,
  installation: checkInstallation(args.installation ?? setIn(environment, 'FAREBOX_INSTALLATION')),
  dryRun: args['dry-run'] === true,
  yes: args.yes === true,
  json: args.json === true,
  secretKey: environment['STRIPE_SECRET_KEY'],
  apiBase: args['api-base'] ?? environment['STRIPE_API_BASE'],
}, terminal)])

const doctorCommand = createCommand('doctor', 'Look at all that has to be right between Stripe, the app and your catalog', {
  config: catalogFile,
  url: { type: 'string', description: 'Where the app\'s billing routes are', valueHint: 'https://app.example/api/billing' },
  json,
  installation,
  'api-base': apiBase,
}, async (args, { folder, environment, terminal }) => {
  const outcome = await doctor({
    folder,
    config: args.config,
    installation: checkInstallation(args.installation ?? setIn(environment, 'FAREBOX_INSTALLATION')),
    url: checkUrl(args.url ?? setIn(environment, 'FAREBOX_URL')),
    webhookSecret: environment['STRIPE_WEBHOOK_SECRET'],
    json: args.json === true,
    secretKey: environment['STRIPE_SECRET_KEY'],
    apiBase: args['api-base'] ?? environment['STRIPE_API_BASE'],
  }, terminal)
  return outcome === 'well' ? 0 : 1
})

const reconcileCodes: Readonly<Record<ReconcileOutcome, ExitCode>> = { same: 0, repaired: 0, left: 2, stopped: 1 }

const reconcileCommand = createCommand('reconcile', 'Compare every customer with Stripe, and repair what differs', {
  config: fareboxFile,
  'dry-run': { type: 'boolean', description: 'Show what differs, and change nothing' },
  json,
  rate: { type: 'string', description: 'How many customers a second are looked at, up to 100; 5 unless said otherwise', valueHint: '20' },
  cursor: { type: 'string', description: 'Where a former run was stopped', valueHint: '[...]' },
}, async (args, { folder, terminal }) => reconcileCodes[await reconcile({
  folder,
  config: args.config,
  dryRun: args['dry-run'] === true,
  json: args.json === true,
  cursor: args.cursor,
  customersPerSecond: checkRate(args.rate),
}, terminal)])

const replayCommand = createCommand('replay', 'Try every event again that was put aside', {
  config: fareboxFile,
  json,
}, async (args, { folder, terminal }) => {
  const outcome = await replay({ folder, config: args.config, json: args.json === true }, terminal)
  return outcome === 'done' ? 0 : 2
})

const migrationsCommand = createCommand('migrations', 'Print the SQL that makes the tables of a store', {
  store: { type: 'positional', description: 'postgres, sqlite or d1', required: false },
  after: { type: 'string', description: 'Only what comes after this version', valueHint: '1' },
}, ({ store, after }, { terminal }) => {
  printMigrations({ store, after }, terminal)
  return 0
})

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [pushCommand, doctorCommand, reconcileCommand, replayCommand, migrationsCommand]

/** An empty variable is one that is not set. */
function setIn(environment: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return environment[name] || undefined
}
