// Renders pages as a server does: in a realm of its own, where there is no window and no document.
import './dynamic-imports.ts'
import { renderToReadableStream } from 'react-dom/server.browser'
import { serverPages } from './server-pages.tsx'

addEventListener('message', (message: MessageEvent<string>) => {
  void render(message.data).then((html) => postMessage(html, { transfer: [] }))
})

async function render(name: string): Promise<string> {
  const page = serverPages[name]
  if (page === undefined || 'document' in globalThis) throw new Error(`Cannot render ${name}`)
  const stream = await renderToReadableStream(await page())
  await stream.allReady
  return new Response(stream).text()
}
