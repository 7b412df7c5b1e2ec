// An instance of its own process. It is told customers and how often to consume at most, and says how much it was granted.
// It never closes its app: it is there to be killed, or ends with its parent.
import { type StoreAddress, connect } from '../stores/store-address.ts'
import { consumeUpTo, createLeasingApp } from './leasing-app.ts'

const address: StoreAddress = JSON.parse(process.argv[2] ?? '')
const connection = await connect(address)
const app = createLeasingApp(connection.storeWith({ now: () => Date.now() }))

process.on('disconnect', () => process.exit())
process.on('message', ({ customer, most }: { customer: string; most: number }) => {
  void consumeUpTo(app, customer, most).then((granted) => process.send?.(granted))
})
process.send?.('ready')
