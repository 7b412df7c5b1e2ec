import { serve } from '@hono/node-server'
import { createApp } from './app.ts'
import { developmentRoutes } from './development/routes.ts'
import { startStandIns } from './development/stand-ins.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { connectFarebox } from './farebox.ts'
import { runTour } from './tour/run-tour.ts'

const loopback = '127.0.0.1'

try {
  const environment = readEnvironment(process.env)
  const isTour = process.argv.includes('--tour')
  const app = await start(environment)
  if (isTour) {
    process.exitCode = (await runTour({ ...environment, json: process.argv.includes('--json') })) ? 0 : 1
    await app.close()
  } else {
    announce(environment)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close())
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : 'The app could not start')
  process.exitCode = 1
}

/** Starts everything there is; while developing only this machine can reach it. */
async function start(environment: Environment): Promise<{ close(): Promise<void> }> {
  const standIns = environment.isDevelopment ? await startStandIns(environment) : null
  const farebox = connectFarebox(environment, standIns)
  const signIn = environment.clerk === null ? (standIns?.signIn ?? null) : null
  const app = createApp(farebox, signIn && developmentRoutes(farebox, signIn))
  const { port } = environment
  const server = serve({ fetch: app.fetch, port, ...(standIns && { hostname: loopback }) })
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject))
  return {
    async close() {
      await new Promise((resolve) => server.close(resolve))
      await farebox.close()
      await standIns?.close()
    },
  }
}

function announce({ appUrl, stripe, clerk, simulatorPort }: Environment): void {
  console.log(`Dashboard    ${appUrl}`)
  console.log(`Billing      ${appUrl}/api/billing`)
  console.log(`Stripe       ${stripe === null ? `simulated at http://${loopback}:${simulatorPort}` : 'by your key'}`)
  console.log(`Sign-in      ${clerk === null ? `POST ${appUrl}/dev/sign-in, no password: development only` : 'Clerk'}`)
}
