import { type Fault, FareboxError } from '@farebox/core'
import { serve } from '@hono/node-server'
import { createApp } from './app.ts'
import { developmentRoutes } from './development/routes.ts'
import { type StandIns, startStandIns } from './development/stand-ins.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { connectFarebox } from './farebox.ts'
import { type Services, connectServices } from './services.ts'
import { openStore } from './store.ts'
import { runTour } from './tour/run-tour.ts'

const loopback = '127.0.0.1'

try {
  const faults: Fault[] = []
  const environment = readEnvironment(process.env, faults)
  const services = connectServices(environment, faults)
  if (faults.length > 0) throw new FareboxError('invalid-configuration', 'The environment is not complete', { faults })
  const app = await start(environment, services)
  if (process.argv.includes('--tour')) {
    process.exitCode = (await runTour({ ...environment, json: process.argv.includes('--json') })) ? 0 : 1
    await app.close()
  } else {
    announce(environment)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close())
  }
} catch (error) {
  console.error(reasonOf(error))
  process.exitCode = 1
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'The app could not start'
  const isTaken = 'code' in error && error.code === 'EADDRINUSE'
  return isTaken ? `${error.message}: stop what listens there, or set PORT or STRIPE_SIMULATOR_PORT to another port` : error.message
}

interface RunningApp {
  close(): Promise<void>
}

/** Starts everything there is; while developing only this machine can reach it. */
async function start(environment: Environment, services: Services): Promise<RunningApp> {
  const standIns = environment.isDevelopment ? await startStandIns(environment) : null
  try {
    return await listen(environment, services, standIns)
  } catch (error) {
    await standIns?.close()
    throw error
  }
}

async function listen(environment: Environment, services: Services, standIns: StandIns | null): Promise<RunningApp> {
  const { store, close: closeStore } = await openStore(environment.databaseUrl, standIns?.clock)
  const farebox = connectFarebox(environment, store, services, standIns)
  const signIn = services.auth === null ? (standIns?.signIn ?? null) : null
  const app = createApp(farebox, signIn && developmentRoutes(farebox, signIn))
  const server = serve({ fetch: app.fetch, port: environment.port, ...(standIns && { hostname: loopback }) })
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject))
  return {
    async close() {
      await new Promise((resolve) => server.close(resolve))
      await farebox.close()
      await closeStore()
      await standIns?.close()
    },
  }
}

function announce({ appUrl, databaseUrl, stripe, clerk, simulatorPort }: Environment): void {
  console.log(`Dashboard    ${appUrl}`)
  console.log(`Billing      ${appUrl}/api/billing`)
  console.log(`Store        ${databaseUrl === null ? 'in memory: forgets when it stops' : 'Postgres'}`)
  console.log(`Stripe       ${stripe === null ? `simulated at http://${loopback}:${simulatorPort}` : 'by your key'}`)
  console.log(`Sign-in      ${clerk === null ? `POST ${appUrl}/dev/sign-in, no password: development only` : 'Clerk'}`)
}
