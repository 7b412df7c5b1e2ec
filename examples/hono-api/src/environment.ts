import type { Fault } from '@farebox/core'

/** What the app is told from outside. `null` where a stand-in takes its place while developing. */
export interface Environment {
  readonly port: number
  readonly appUrl: string
  /** Of a PostgreSQL database; without one everything is kept in memory, and gone with the process. */
  readonly databaseUrl: string | null
  /** Set by `npm start`: stand-ins for Stripe and the sign-in take the place of missing keys. */
  readonly isDevelopment: boolean
  readonly simulatorPort: number
  readonly stripe: Readonly<Record<'secretKey' | 'webhookSecret', string>> | null
  readonly clerk: (Readonly<Record<'secretKey' | 'jwtKey' | 'issuer', string>> & { readonly webhookSecret: string | undefined }) | null
}

type Variables = Readonly<Record<string, string | undefined>>

/** What each variable holds, for those who have to set it. */
const meanings = {
  APP_URL: 'where people reach the app, without query and fragment, such as https://app.example.com',
  DATABASE_URL: 'the URL of a PostgreSQL database, postgres://..., or leave it out',
  STRIPE_SECRET_KEY: 'a secret key of your Stripe account, sk_test_...',
  STRIPE_WEBHOOK_SECRET: 'the signing secret of the webhook endpoint, whsec_...; `stripe listen` prints one',
  CLERK_SECRET_KEY: 'the secret key of your Clerk instance, sk_test_...',
  CLERK_JWT_KEY: 'the JWKS public key of your Clerk instance, in PEM',
  CLERK_ISSUER: 'the Frontend API URL of your Clerk instance, such as https://clerk.example.com',
} as const

/**
 * The environment; what is missing or malformed is collected in `faults`, and then it must not be used. Values never
 * appear in a fault: they are secrets. An empty variable counts as one that is not set.
 */
export function readEnvironment(variables: Variables, faults: Fault[]): Environment {
  const isDevelopment = variables['FAREBOX_DEV'] === '1'
  if (isDevelopment && variables['NODE_ENV'] === 'production') {
    faults.push({ path: 'FAREBOX_DEV', message: 'FAREBOX_DEV=1 opens a sign-in without a password; it cannot go together with NODE_ENV=production' })
  }
  const port = readPort(variables, 'PORT', 8787, faults)
  const simulatorPort = readPort(variables, 'STRIPE_SIMULATOR_PORT', 12111, faults)
  const [secretKey, webhookSecret] = together(variables, ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'], isDevelopment, faults)
  const [clerkKey, jwtKey, issuer] = together(variables, ['CLERK_SECRET_KEY', 'CLERK_JWT_KEY', 'CLERK_ISSUER'], isDevelopment, faults)
  return {
    port,
    appUrl: readAppUrl(variables, isDevelopment ? `http://localhost:${port}` : '', faults),
    databaseUrl: readDatabaseUrl(variables, faults),
    isDevelopment,
    simulatorPort,
    stripe: secretKey === undefined || webhookSecret === undefined ? null : { secretKey, webhookSecret },
    clerk: clerkKey === undefined || jwtKey === undefined || issuer === undefined
      ? null
      : { secretKey: clerkKey, jwtKey, issuer, webhookSecret: valueOf(variables, 'CLERK_WEBHOOK_SECRET') },
  }
}

function valueOf(variables: Variables, name: string): string | undefined {
  return variables[name]?.trim() || undefined
}

function readPort(variables: Variables, name: string, standard: number, faults: Fault[]): number {
  const port = Number(valueOf(variables, name) ?? standard)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  faults.push({ path: name, message: 'Set it to the number of a port, or leave it out' })
  return standard
}

function readAppUrl(variables: Variables, standard: string, faults: Fault[]): string {
  const url = valueOf(variables, 'APP_URL') ?? standard
  if (/^https?:\/\/[^?#\s]+$/.test(url) && URL.canParse(url)) return url
  faults.push(missing('APP_URL'))
  return 'http://localhost'
}

function readDatabaseUrl(variables: Variables, faults: Fault[]): string | null {
  const url = valueOf(variables, 'DATABASE_URL')
  if (url === undefined) return null
  if (!/^postgres(ql)?:\/\/\S+$/.test(url)) faults.push(missing('DATABASE_URL'))
  return url
}

/**
 * Variables that come together or not at all; outside development they must come. With some missing, the others are
 * answered all the same, so that every fault of theirs is found too.
 */
function together(
  variables: Variables,
  names: readonly (keyof typeof meanings)[],
  isDevelopment: boolean,
  faults: Fault[],
): readonly string[] {
  const values = names.map((name) => valueOf(variables, name))
  if (isDevelopment && values.every((value) => value === undefined)) return []
  return names.map((name, index) => {
    const value = values[index]
    if (value === undefined) faults.push(missing(name))
    return value ?? ''
  })
}

function missing(name: keyof typeof meanings): Fault {
  return { path: name, message: `Set it to ${meanings[name]}` }
}
