import { manualClock, recordStoreContract, usageStoreContract } from '../../src/testing/index.ts'
import { tryRule } from '../d1/rules-worker.ts'
import { type Connection, type StoreAddress, connect } from '../stores/store-address.ts'

let connected: Promise<Connection> | undefined

/** Tries both contracts on a store over the client that the address names. */
export const worker = {
  async fetch(request: Request, { address }: { readonly address: StoreAddress }): Promise<Response> {
    connected ??= connect(address)
    const { storeWith, close } = await connected
    const { pathname } = new URL(request.url)
    if (pathname === '/close') {
      await close()
      return Response.json(null)
    }
    if (pathname === '/records') return tryRule(recordStoreContract({ create: () => ({ store: storeWith().records }) }), request)
    const create = () => {
      const clock = manualClock()
      return { store: storeWith(clock).usage, clock }
    }
    return tryRule(usageStoreContract({ hasClock: true, create }), request)
  },
}
