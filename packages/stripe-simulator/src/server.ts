import { serve } from '@hono/node-server'

/** A simulator that is being served. */
export interface Listening {
  /** Such as `http://127.0.0.1:12111`. */
  readonly url: string
  readonly port: number
  readonly hostname: string
  /** Stops serving and gives up pending deliveries. */
  close(): Promise<void>
}

/** Serves `fetch` over HTTP. It resolves once the port is open and rejects when it cannot be. */
export async function listen(
  fetch: (request: Request) => Promise<Response>,
  where: { readonly port?: number; readonly hostname?: string },
  closing: () => void,
): Promise<Listening> {
  const hostname = where.hostname ?? '127.0.0.1'
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port: where.port ?? 0, hostname }, ({ port }) => {
      server.off('error', reject)
      resolve({
        url: `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`,
        port,
        hostname,
        close: () =>
          new Promise((closed) => {
            closing()
            server.close(() => closed())
            if ('closeAllConnections' in server) server.closeAllConnections()
          }),
      })
    })
    server.on('error', reject)
  })
}
