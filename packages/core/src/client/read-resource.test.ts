import { expect, it } from 'vitest'
import type { Snapshot } from '../protocol/snapshot.ts'
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

it('is of one customer: another one reads it anew, and whoever may not see it sees it no more', async () => {
  let status = 200
  const client = createBillingClient({
    baseUrl: 'https://app.example.com/api/billing',
    fetch: async () => Response.json({ invoices: [] }, { status }),
  })
  const read = () => readResource(client, '/invoices', 'invoices')
  const early = read()
  await early.refresh()
  client.accept({ customer: 'ann', entitlementVersion: 1, usage: {} } as Snapshot)
  expect(read()).toBe(early)
  client.accept({ customer: 'bob', entitlementVersion: 1, usage: {} } as Snapshot)
  expect(read().getSnapshot()).toEqual({ status: 'pending' })
  const later = read()
  await later.refresh()
  status = 503
  expect(await later.refresh()).toMatchObject({ status: 'success', isStale: true })
  status = 401
  expect(await later.refresh()).toEqual({ status: 'error', error: { status: 401 } })
})

it('is gone with whom it was read for, also where nobody has signed in after them', async () => {
  let status = 200
  const client = createBillingClient({
    baseUrl: 'https://app.example.com/api/billing',
    fetch: async () => Response.json({ invoices: [], customer: 'ann', entitlementVersion: 1, usage: {} }, { status }),
  })
  await client.refresh()
  const ofAnn = readResource(client, '/invoices', 'invoices')
  await ofAnn.refresh()
  status = 503
  await client.refresh()
  expect(readResource(client, '/invoices', 'invoices')).toBe(ofAnn)
  status = 401
  await client.refresh()
  expect(readResource(client, '/invoices', 'invoices').getSnapshot()).toEqual({ status: 'pending' })
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
