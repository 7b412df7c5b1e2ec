import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/**
 * @typedef {object} FaultyProxy
 * @property {number} port
 * @property {() => void} cut ends every connection, and each new one at once
 * @property {(what?: 'both' | 'answers') => void} blackHole passes nothing on, or requests only, and says nothing of it;
 * what is held arrives after `heal()`, as it would over TCP
 * @property {(milliseconds: number) => void} slow passes everything on that much later
 * @property {() => void} heal passes everything on again
 * @property {() => number} connections how many are open
 * @property {() => Promise<void>} close
 */

/** @typedef {{ kind: 'open' | 'cut' | 'held', answersOnly: boolean, delay: number }} Weather */

/**
 * A TCP proxy in front of a server on the loopback interface, for the faults of a network.
 *
 * @param {number} target the server's port
 * @returns {Promise<FaultyProxy>}
 */
export async function startProxy(target) {
  /** @type {Weather} */
  let weather = { kind: 'open', answersOnly: false, delay: 0 }
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set()
  /** @type {Set<() => void>} */
  const waiting = new Set()

  const server = createServer((client) => {
    if (weather.kind === 'cut') return void client.resetAndDestroy()
    const upstream = connect({ port: target, host: '127.0.0.1' })
    pass(client, upstream, 'request')
    pass(upstream, client, 'answer')
  })

  /** @param {'request' | 'answer'} what */
  function isHeld(what) {
    return weather.kind === 'held' && (what === 'answer' || !weather.answersOnly)
  }

  /**
   * @param {import('node:net').Socket} from
   * @param {import('node:net').Socket} to
   * @param {'request' | 'answer'} what
   */
  function pass(from, to, what) {
    sockets.add(from)
    from.setNoDelay(true)
    let earlier = Promise.resolve()
    from.on('data', (chunk) => {
      const due = performance.now() + weather.delay
      earlier = earlier.then(() => passable(what, due)).then(() => void (to.writable && to.write(chunk)))
    })
    from.on('end', () => void earlier.then(() => to.end()))
    from.on('error', () => to.destroy())
    from.on('close', () => {
      sockets.delete(from)
      void earlier.then(() => to.destroy())
    })
  }

  /**
   * @param {'request' | 'answer'} what
   * @param {number} due
   */
  async function passable(what, due) {
    while (isHeld(what)) await new Promise((resolve) => waiting.add(() => resolve(undefined)))
    const rest = due - performance.now()
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
  }

  /** @param {Partial<Weather>} next */
  function change(next) {
    weather = { kind: 'open', answersOnly: false, delay: 0, ...next }
    for (const wake of waiting) wake()
    waiting.clear()
  }

  function destroyAll() {
    for (const socket of sockets) socket.destroy()
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The loopback interface gave no port')
  return {
    port: address.port,
    cut() {
      change({ kind: 'cut' })
      destroyAll()
    },
    blackHole: (what = 'both') => change({ kind: 'held', answersOnly: what === 'answers' }),
    slow: (milliseconds) => change({ delay: milliseconds }),
    heal: () => change({}),
    connections: () => sockets.size / 2,
    async close() {
      change({ kind: 'cut' })
      destroyAll()
      server.close()
      await once(server, 'close')
    },
  }
}
