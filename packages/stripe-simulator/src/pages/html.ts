import { style } from './style.ts'

/** Text that was made safe to put into a page. */
export interface Html {
  readonly html: string
}

/** Builds HTML; everything that is put in is escaped, except what is `Html` already. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | number | Html | readonly Html[])[]): Html {
  const text = parts.map((part, index) => part + (index < values.length ? toHtml(values[index] ?? '') : ''))
  return { html: text.join('') }
}

/** A whole page as it is answered. */
export function page(title: string, content: Html, status = 200): Response {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ html: style }}</style>
</head>
<body>
<header><p class="banner">Simulated Stripe. No real money, no real cards.</p></header>
<main>
${content}
</main>
</body>
</html>
`
  return new Response(document.html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
    },
  })
}

/** Sends the browser on after a form was posted. */
export function redirect(location: string): Response {
  return new Response(null, { status: 303, headers: { location } })
}

function toHtml(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'object') return 'html' in value ? value.html : value.map((entry) => entry.html).join('')
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
