import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server.browser'
import { serverPages } from './server-pages.tsx'

// React 18 cannot wait for a promise while rendering; the store takes the snapshot when it has come.
for (const [name, page] of Object.entries(serverPages)) {
  const ui = await page()
  const host = document.createElement('section')
  host.ariaLabel = name
  host.innerHTML = renderToString(ui)
  document.body.append(host)
  hydrateRoot(host, ui)
}
document.title = 'hydrated'
