import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

/** A pooler in transaction mode, as PgBouncer before 1.21: each transaction goes to another connection of the server. */
export interface TransactionPooler {
  readonly url: string
  /** Transactions that each connection of the server has served. */
  readonly served: readonly number[]
  close(): Promise<void>
}

interface Message {
  readonly type: string
  readonly bytes: Buffer
}

interface ServerConnection {
  readonly socket: Socket
  readonly place: number
  readonly greeting: Buffer
  take: (message: Message) => void
}

const ready = 'Z'
const isIdle = (message: Message): boolean => message.type === ready && message.bytes[5] === 'I'.charCodeAt(0)

/** Passes messages of PostgreSQL's protocol on, whole; no password, no encryption. */
export async function startTransactionPooler(url: string, connections = 3): Promise<TransactionPooler> {
  const served = Array.from({ length: connections }, () => 0)
  const free = await Promise.all(served.map(async (_, place) => openServer(new URL(url), place)))
  const all = [...free]
  const waiting: ((server: ServerConnection) => void)[] = []
  const clients = new Set<Socket>()

  function release(server: ServerConnection): void {
    const next = waiting.shift()
    if (next === undefined) free.push(server)
    else next(server)
  }

  function serve(client: Socket): void {
    let server: ServerConnection | undefined
    let held: Buffer[] = []
    let isAsking = false
    let unanswered = 0
    // Whether the last message belongs to a query that goes on.
    let isMidway = false

    function assign(assigned: ServerConnection): void {
      server = assigned
      isAsking = false
      served[assigned.place] = (served[assigned.place] ?? 0) + 1
      assigned.take = (message) => {
        client.write(message.bytes)
        if (message.type === ready) unanswered -= 1
        if (!isIdle(message) || unanswered > 0 || isMidway) return
        server = undefined
        release(assigned)
      }
      for (const bytes of held) assigned.socket.write(bytes)
      held = []
    }

    function pass({ type, bytes }: Message): void {
      if (type === 'X') {
        client.end()
        return
      }
      isMidway = type !== 'S' && type !== 'Q'
      if (!isMidway) unanswered += 1
      if (server !== undefined) {
        server.socket.write(bytes)
        return
      }
      held.push(bytes)
      if (isAsking) return
      isAsking = true
      const next = free.shift()
      if (next === undefined) waiting.push(assign)
      else assign(next)
    }

    let isStarted = false
    const read = messagesOf(pass)
    client.on('error', () => undefined)
    client.on('data', (bytes) => {
      if (isStarted) {
        read(bytes)
        return
      }
      // The first message of a client has no type: it names user and database, which are the pooler's own here.
      isStarted = true
      client.write(all[0]?.greeting ?? '')
      const length = bytes.readInt32BE(0)
      if (bytes.length > length) read(bytes.subarray(length))
    })
  }

  const listener = createServer({ noDelay: true }, (client) => {
    clients.add(client)
    client.on('close', () => clients.delete(client))
    serve(client)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = new URL(url)
  address.port = String((listener.address() as AddressInfo).port)
  return {
    url: address.href,
    served,
    async close() {
      for (const socket of [...clients, ...all.map((server) => server.socket)]) socket.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}

async function openServer(url: URL, place: number): Promise<ServerConnection> {
  const socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true })
  const fields = ['user', url.username, 'database', url.pathname.slice(1), '', ''].join('\0')
  const startup = Buffer.alloc(8 + Buffer.byteLength(fields))
  startup.writeInt32BE(startup.length, 0)
  startup.writeInt32BE(3 << 16, 4)
  startup.write(fields, 8)
  socket.write(startup)
  const greeting: Buffer[] = []
  return new Promise((resolve, reject) => {
    const server = {
      socket,
      place,
      get greeting() {
        return Buffer.concat(greeting)
      },
      take(message: Message) {
        greeting.push(message.bytes)
        if (isIdle(message)) resolve(server)
      },
    }
    socket.on('data', messagesOf((message) => server.take(message)))
    socket.on('error', reject)
  })
}

/** Cuts a stream into messages: a letter, a length that counts itself, and as many bytes. */
function messagesOf(take: (message: Message) => void): (bytes: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const end = rest.readInt32BE(1) + 1
      take({ type: String.fromCharCode(rest[0] ?? 0), bytes: rest.subarray(0, end) })
      rest = rest.subarray(end)
    }
  }
}
