import { expect, it } from 'vitest'
import { createBillingClient } from './billing-client.ts'
import { readResource, watchedResources } from './read-resource.ts'

function createClient() {
  const asked: string[] = []
  const client = createBillingClient({
    baseUrl: 'https://app.example.com/api/billing',
    fetch: async (input) => {
      asked.push(new URL(new Request(input).url).pathname)
      return Response.json({ invoices: [], next: null })
    },
  })
  return { asked, client }
}

it('is one for all who read the same of a client, with one request', async () => {
  const { asked, client } = createClient()
  const store = readResource<{ readonly invoices: readonly unknown[] }>(client, '/invoices', 'invoices')
  expect(readResource(client, '/invoices', 'invoices')).toBe(store)
  expect(readResource(createClient().client, '/invoices', 'invoices')).not.toBe(store)
  expect(asked).toEqual([])
  await Promise.all([store.refresh(), readResource(client, '/invoices', 'invoices').refresh()])
  expect(asked).toEqual(['/api/billing/invoices'])
  expect(store.getSnapshot()).toEqual({ status: 'success', data: { invoices: [], next: null }, isStale: false })
})

it('is forgotten once nobody looks at it, so that it is neither read again nor shown old', async () => {
  const { client } = createClient()
  const store = readResource(client, '/admin/customers?search=ann', 'invoices')
  const leave = store.subscribe(() => undefined)
  const left = readResource(client, '/admin/customers?search=an', 'invoices')
  await left.refresh()
  expect([...watchedResources(client).keys()]).toEqual(['/admin/customers?search=ann'])
  expect(readResource(client, '/admin/customers?search=an', 'invoices').getSnapshot()).toEqual({ status: 'pending' })
  leave()
  expect([...watchedResources(client)]).toEqual([])
})
