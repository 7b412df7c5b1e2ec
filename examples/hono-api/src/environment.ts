/** What the app is told from outside. `null` where a stand-in takes its place while developing. */
export interface Environment {
  readonly port: number
  readonly appUrl: string
  /** Set by `npm start`: stand-ins for Stripe and the sign-in take the place of missing keys. */
  readonly isDevelopment: boolean
  readonly simulatorPort: number
  readonly stripe: { readonly secretKey: string; readonly webhookSecret: string } | null
  readonly clerk: {
    readonly secretKey: string
    readonly jwtKey: string
    readonly issuer: string
    readonly webhookSecret: string | null
  } | null
}

/** The environment, or every fault in it at once. Values never appear in a message: they are secrets. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const faults: string[] = []
  const isDevelopment = variables['FAREBOX_DEV'] === '1'
  if (isDevelopment && variables['NODE_ENV'] === 'production') {
    faults.push('FAREBOX_DEV=1 opens a sign-in without a password; it cannot go together with NODE_ENV=production')
  }
  const port = readPort(variables['PORT'], 8787, 'PORT', faults)
  const simulatorPort = readPort(variables['STRIPE_SIMULATOR_PORT'], 12111, 'STRIPE_SIMULATOR_PORT', faults)
  const stripe = together(variables, ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'], isDevelopment, faults)
  const clerk = together(variables, ['CLERK_SECRET_KEY', 'CLERK_JWT_KEY', 'CLERK_ISSUER'], isDevelopment, faults)
  const appUrl = variables['APP_URL'] ?? `http://localhost:${port}`
  if (!URL.canParse(appUrl)) faults.push('APP_URL is not an absolute URL, such as https://app.example.com')
  if (variables['APP_URL'] === undefined && !isDevelopment) faults.push('APP_URL is missing: where people are sent back to')
  if (faults.length > 0) throw new Error(`The environment is not complete:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
  return {
    port,
    appUrl,
    isDevelopment,
    simulatorPort,
    stripe: stripe && { secretKey: stripe[0] ?? '', webhookSecret: stripe[1] ?? '' },
    clerk: clerk && {
      secretKey: clerk[0] ?? '',
      jwtKey: (clerk[1] ?? '').replaceAll('\\n', '\n'),
      issuer: clerk[2] ?? '',
      webhookSecret: variables['CLERK_WEBHOOK_SECRET'] ?? null,
    },
  }
}

function readPort(value: string | undefined, standard: number, name: string, faults: string[]): number {
  if (value === undefined || value === '') return standard
  const port = Number(value)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  faults.push(`${name} is not a port`)
  return standard
}

/** Variables that come together or not at all; outside development they must come. */
function together(
  variables: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
  isDevelopment: boolean,
  faults: string[],
): readonly string[] | null {
  const missing = names.filter((name) => (variables[name] ?? '').trim() === '')
  if (missing.length === 0) return names.map((name) => variables[name] ?? '')
  if (missing.length === names.length && isDevelopment) return null
  faults.push(`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`)
  return null
}
