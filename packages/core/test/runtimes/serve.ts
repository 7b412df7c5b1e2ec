// A process of another runtime: serves the worker of one source file, as workerd would, until its standard input ends.
import { createServer } from 'node:http'
import process from 'node:process'

/** What the file named first exports. */
interface Module {
  readonly worker: { fetch(request: Request, settings: unknown): Promise<Response> }
}

const [entry = '', settings = ''] = process.argv.slice(2)
// Whoever starts the process names a file with a worker.
const { worker } = (await import(entry)) as Module
const given: unknown = JSON.parse(settings)

const server = createServer((incoming, outgoing) => {
  const chunks: Uint8Array[] = []
  incoming.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  incoming.on('end', () => {
    const { method = 'GET', url = '/', headers } = incoming
    const sent = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
    const body = chunks.length === 0 ? null : new Blob(chunks.map((chunk) => new Uint8Array(chunk)))
    const request = new Request(`https://app.example.com${url}`, { method, headers: sent, body })
    worker.fetch(request, given).then(
      async (response) => outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text()),
      (error: unknown) => outgoing.writeHead(500).end(String(error)),
    )
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
process.stdin.on('end', () => process.exit()).resume()
