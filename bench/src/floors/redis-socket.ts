import { connect } from 'node:net'

/** Redis with nothing between the socket and the caller: what a client library costs is left out. */
export interface RedisSocket {
  /** Sends a command; the answer must be an integer, a status or a text. */
  readonly send: (...command: readonly (string | number)[]) => Promise<number | string>
  readonly close: () => void
}

interface Waiting {
  readonly resolve: (answer: number | string) => void
  readonly reject: (error: Error) => void
}

/** Commands of one tick leave in one write. The protocol is RESP2: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export function openRedisSocket(port: number): RedisSocket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let waiting: Waiting[] = []
  let answered = 0
  let unsent = ''
  let unread = ''

  function flush(): void {
    socket.write(unsent, 'latin1')
    unsent = ''
  }

  function answer(take: (item: Waiting) => void): void {
    const item = waiting[answered]
    answered += 1
    if (item !== undefined) take(item)
    if (answered < 4096) return
    waiting = waiting.slice(answered)
    answered = 0
  }

  /** Reads one answer at `start`; answers where the next one begins, or -1 when it is not whole yet. */
  function readOne(text: string, start: number): number {
    const end = text.indexOf('\r\n', start)
    if (end === -1) return -1
    const body = text.slice(start + 1, end)
    switch (text[start]) {
      case ':':
        answer(({ resolve }) => resolve(Number(body)))
        return end + 2
      case '+':
        answer(({ resolve }) => resolve(body))
        return end + 2
      case '$': {
        const next = end + 2 + Number(body)
        if (text.length < next + 2) return -1
        answer(({ resolve }) => resolve(text.slice(end + 2, next)))
        return next + 2
      }
      default:
        answer(({ reject }) => reject(new Error(body)))
        return end + 2
    }
  }

  socket.setEncoding('latin1')
  socket.on('data', (chunk) => {
    unread += String(chunk)
    let from = 0
    for (let next = readOne(unread, 0); next !== -1; next = readOne(unread, next)) {
      from = next
      if (from === unread.length) break
    }
    unread = unread.slice(from)
  })

  return {
    send: (...command) => {
      if (unsent === '') process.nextTick(flush)
      unsent += `*${command.length}\r\n`
      for (const part of command) unsent += `$${String(part).length}\r\n${part}\r\n`
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    close: () => socket.destroy(),
  }
}
