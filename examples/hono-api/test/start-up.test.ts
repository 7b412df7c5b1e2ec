import { generateKeyPairSync } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { Fault } from '@farebox/core'
import { SignJWT } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { findFreePort } from '../../../tools/servers/server-process.mjs'
import { readEnvironment } from '../src/environment.ts'
import { connectServices } from '../src/services.ts'
import { runMain, startMain } from './run-main.ts'

const canary = 'canary7f3a'
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const issuer = 'https://clerk.example.com'

/** Keys of the right shape, which no service knows. */
const keys = {
  STRIPE_SECRET_KEY: 'sk_test_abc',
  STRIPE_WEBHOOK_SECRET: 'whsec_abc',
  CLERK_SECRET_KEY: 'sk_test_abc',
  CLERK_JWT_KEY: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  CLERK_ISSUER: issuer,
}

async function ports(): Promise<{ PORT: string; STRIPE_SIMULATOR_PORT: string }> {
  return { PORT: String(await findFreePort()), STRIPE_SIMULATOR_PORT: String(await findFreePort()) }
}

/** A session token as Clerk makes it. */
function sessionToken(azp: string): Promise<string> {
  return new SignJWT({ azp, v: 2, sts: 'active', sid: 'sess_1' })
    .setProtectedHeader({ alg: 'RS256', kid: 'ins_1', typ: 'JWT', cat: 'cl_B7d4PD111AAA' })
    .setSubject('user_1')
    .setIssuer(issuer)
    .setIssuedAt()
    .setExpirationTime('60s')
    .sign(pair.privateKey)
}

/** Which variables are found at fault, in the order in which they are told. */
function faultsOf(variables: Readonly<Record<string, string>>): readonly string[] {
  const faults: Fault[] = []
  connectServices(readEnvironment(variables, faults), faults)
  return faults.map(({ path }) => path)
}

test('with keys of its own the app is the same, without stand-ins and without their sign-in', async () => {
  const where = await ports()
  const address = `http://127.0.0.1:${where.PORT}`
  const app = await startMain({ ...keys, ...where, NODE_ENV: 'production', APP_URL: address })
  const headers = { authorization: `Bearer ${await sessionToken(address)}` }

  const me = await fetch(`${address}/api/billing/me`, { headers })
  expect([me.status, await me.json()]).toMatchObject([200, { customer: 'user_1', plan: 'free' }])
  expect((await fetch(`${address}/api/quote`, { headers })).status).toBe(200)
  expect((await fetch(`${address}/api/quote`)).status).toBe(401)
  const elsewhere = { authorization: `Bearer ${await sessionToken('https://evil.example.com')}` }
  expect((await fetch(`${address}/api/quote`, { headers: elsewhere })).status).toBe(401)
  const signIn = { method: 'POST', body: '{"userId":"user_1"}', headers: { 'content-type': 'application/json' } }
  expect((await fetch(`${address}/dev/sign-in`, signIn)).status).toBe(404)
  await expect(fetch(`http://127.0.0.1:${where.STRIPE_SIMULATOR_PORT}/_/state`)).rejects.toThrow('fetch failed')
  const { code, output, errors } = await app.stop()
  expect({ code, errors }).toEqual({ code: 0, errors: expect.not.stringContaining('error') })
  expect(output + errors).not.toContain('abc')
})

test('the development sign-in is not there beside Clerk, and nobody but this machine reaches it', async () => {
  const where = await ports()
  const { STRIPE_SECRET_KEY: _, STRIPE_WEBHOOK_SECRET: __, ...clerk } = keys
  const withClerk = await startMain({ ...clerk, ...where, FAREBOX_DEV: '1' })
  const signIn = { method: 'POST', body: '{"userId":"user_1"}', headers: { 'content-type': 'application/json' } }
  expect((await fetch(`http://127.0.0.1:${where.PORT}/dev/sign-in`, signIn)).status).toBe(404)
  expect((await withClerk.stop()).code).toBe(0)

  const alone = await startMain({ ...where, FAREBOX_DEV: '1' })
  expect((await fetch(`http://127.0.0.1:${where.PORT}/dev/sign-in`, signIn)).status).toBe(200)
  const outside = Object.values(networkInterfaces()).flat().filter((address) => address?.internal === false && address.family === 'IPv4')
  for (const address of outside) await expect(fetch(`http://${address?.address}:${where.PORT}/dev/sign-in`, signIn)).rejects.toThrow('fetch failed')
  expect((await alone.stop()).code).toBe(0)
})

test('every fault of every variable is named at once, and no value is shown', async () => {
  const variables = {
    PORT: '70000', STRIPE_SIMULATOR_PORT: canary, APP_URL: `ftp://${canary}`, STRIPE_SECRET_KEY: canary, STRIPE_WEBHOOK_SECRET: canary,
    CLERK_SECRET_KEY: canary, CLERK_JWT_KEY: canary, CLERK_ISSUER: canary, CLERK_WEBHOOK_SECRET: canary,
  }
  const { code, output, errors } = await runMain([], variables)

  expect([code, output]).toEqual([1, ''])
  expect(Object.keys(variables).filter((name) => !errors.includes(`  ${name}: `))).toEqual([])
  expect(errors).not.toContain(canary)
})

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['nothing, while developing', { FAREBOX_DEV: '1' }, []],
  ['empty variables, while developing', { FAREBOX_DEV: '1', APP_URL: '', STRIPE_SECRET_KEY: ' ', CLERK_ISSUER: '', CLERK_WEBHOOK_SECRET: '' }, []],
  ['half of Stripe', { FAREBOX_DEV: '1', STRIPE_SECRET_KEY: 'sk_test_abc' }, ['STRIPE_WEBHOOK_SECRET']],
  ['a publishable key of Stripe', { ...keys, FAREBOX_DEV: '1', STRIPE_SECRET_KEY: 'pk_test_abc' }, ['STRIPE_SECRET_KEY']],
  ['a part of Clerk, malformed', { FAREBOX_DEV: '1', CLERK_JWT_KEY: 'x' }, ['CLERK_SECRET_KEY', 'CLERK_ISSUER', 'CLERK_JWT_KEY']],
  ['all keys without an address', keys, ['APP_URL']],
  ['all keys', { ...keys, APP_URL: 'https://app.example.com' }, []],
  ['a key in one line', { ...keys, APP_URL: 'https://app.example.com', CLERK_JWT_KEY: keys.CLERK_JWT_KEY.replaceAll('\n', '\\n') }, []],
  ['an address with a query', { ...keys, APP_URL: 'https://app.example.com/?x=1' }, ['APP_URL']],
  ['live money and a sign-in without a password', { FAREBOX_DEV: '1', STRIPE_SECRET_KEY: 'sk_live_abc', STRIPE_WEBHOOK_SECRET: 'whsec_abc' }, ['STRIPE_SECRET_KEY']],
  ['a switch that is not one', { FAREBOX_DEV: 'true', ...keys }, ['APP_URL']],
])('%s', (_, variables, faults) => {
  expect(faultsOf(variables)).toEqual(faults)
})

test('a port that is taken ends the app, and the simulator with it', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const address = other.address()
  const PORT = String(typeof address === 'object' ? address?.port : '')
  const { code, errors } = await runMain([], { ...(await ports()), FAREBOX_DEV: '1', PORT })

  expect(code).toBe(1)
  expect(errors).toMatch(/EADDRINUSE: .*: stop what listens there, or set PORT or STRIPE_SIMULATOR_PORT to another port\n$/)
})
