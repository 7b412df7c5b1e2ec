import { cpuUsage } from 'node:process'
import { Stripe } from 'stripe'
import { type StripeSimulator, createStripeSimulator } from '@farebox/stripe-simulator'
import { median } from '../harness/statistics.ts'

const months = 24
const customers = [100, 1000] as const

/** How long two years of renewals take in the simulator: each an invoice that is made, paid and told in events. */
export async function* renewalTables(rounds: number): AsyncGenerator<string> {
  const lines: string[] = []
  for (const count of customers) {
    const runs: Run[] = []
    for (let round = 0; round < rounds; round += 1) runs.push(await renew(count))
    const seconds = runs.map((run) => run.seconds)
    const range = `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)}`
    const cpu = median(runs.map((run) => run.cpuMicroseconds))
    lines.push(`| ${count.toLocaleString('en')} | ${median(seconds).toFixed(2)} | ${range} | ${cpu.toFixed(0)} |`)
  }
  yield `### Simulator, ${months} months of renewals\n\n| customers | seconds | | CPU µs for each renewal |\n| --: | --: | --: | --: |\n${lines.join('\n')}\n`
}

interface Run {
  readonly seconds: number
  readonly cpuMicroseconds: number
}

async function renew(count: number): Promise<Run> {
  const simulator = createStripeSimulator({ clock: { now: Date.UTC(2026, 0, 1), mode: 'frozen' } })
  const stripe = clientOf(simulator)
  const product_data = { name: 'Pro' }
  const price = await stripe.prices.create({ currency: 'usd', unit_amount: 2900, recurring: { interval: 'month' }, product_data })
  for (let index = 0; index < count; index += 1) {
    const method = 'pm_card_visa'
    const customer = await stripe.customers.create({ payment_method: method, invoice_settings: { default_payment_method: method } })
    await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
  }
  globalThis.gc?.()
  const cpu = cpuUsage()
  const begin = performance.now()
  for (let month = 0; month < months; month += 1) simulator.clock.advance({ months: 1 })
  const seconds = (performance.now() - begin) / 1000
  const used = cpuUsage(cpu)
  await check(simulator, stripe, count)
  return { seconds, cpuMicroseconds: (used.user + used.system) / (count * months) }
}

async function check(simulator: StripeSimulator, stripe: Stripe, count: number): Promise<void> {
  const { invoices, subscriptions } = simulator.state()
  const renewals = Number(invoices) - Number(subscriptions)
  const expected = count * months
  const unpaid = await stripe.invoices.list({ status: 'open', limit: 1 })
  if (subscriptions !== count || renewals !== expected || unpaid.data.length > 0) {
    throw new Error(`${renewals} renewals instead of ${expected}, ${unpaid.data.length} of them unpaid`)
  }
}

function clientOf(simulator: StripeSimulator): Stripe {
  const httpClient = Stripe.createFetchHttpClient(async (input, init) => simulator.fetch(new Request(input, init)))
  return new Stripe('sk_test_bench', { httpClient, telemetry: false, maxNetworkRetries: 0 })
}
