import { type Server, createServer } from 'node:http'
import type { Redis } from 'ioredis'

/** Speaks Upstash's REST interface for a real Redis: one command, or a pipeline of them, as JSON. */
export async function startUpstashBridge(client: Redis): Promise<{ readonly url: string; readonly paths: string[]; close(): Promise<void> }> {
  const paths: string[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void (async () => {
        const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
        paths.push(request.url ?? '')
        const isPipeline = request.url === '/pipeline'
        const commands = isPipeline ? body : [body]
        const answers = await Promise.all((commands as (string | number)[][]).map(async (command) => run(client, command)))
        const [only] = answers
        response.writeHead(!isPipeline && only !== undefined && 'error' in only ? 400 : 200, { 'Content-Type': 'application/json' })
        response.end(JSON.stringify(isPipeline ? answers : only))
      })()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The bridge has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    paths,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function run(client: Redis, [name = '', ...parts]: (string | number)[]): Promise<{ result: unknown } | { error: string }> {
  try {
    return { result: encoded(await client.call(String(name), ...parts.map(String))) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

/** Text travels as base64, which the client asks for. */
function encoded(value: unknown): unknown {
  if (typeof value === 'string') return value === 'OK' ? value : Buffer.from(value).toString('base64')
  return Array.isArray(value) ? value.map(encoded) : value
}
