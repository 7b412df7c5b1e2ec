/** The one stylesheet of the hosted pages: light and dark, narrow screens first, no script. */
export const style = `
:root { color-scheme: light dark; --text: #1a1f36; --muted: #4f566b; --back: #f6f8fa; --card: #fff; --line: #c9d0da; --edge: #6b7385;
  --accent: #4b45c6; --on-accent: #fff; --alert: #a3123f; --alert-back: #fdeef2 }
@media (prefers-color-scheme: dark) { :root { --text: #f2f4f8; --muted: #b4bccb; --back: #12151c; --card: #1c212b;
  --line: #454e5f; --edge: #8b95a7; --accent: #aba6ff; --on-accent: #14123a; --alert: #ffb3c7; --alert-back: #3b1722 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere }
.banner { margin: 0; padding: .5rem 1rem; text-align: center; font-size: .875rem; color: var(--muted);
  border-block-end: 1px solid var(--line) }
main { max-width: 30rem; margin: 2rem auto; padding: 1.5rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .75rem }
@media (max-width: 32rem) { main { margin: 0; border-width: 0 0 1px; border-radius: 0 } }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; line-height: 1.25 }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.125rem }
p { margin: .25rem 0 }
.price { font-size: 2rem; font-weight: 600 }
.trial { font-size: 1.375rem; font-weight: 600 }
.muted { color: var(--muted) }
.alert { padding: .75rem 1rem; border-radius: .5rem; background: var(--alert-back); color: var(--alert); margin: 1rem 0 }
.empty { margin-block: 1rem }
section { margin-block-start: 1.5rem }
section + section { padding-block-start: .25rem; border-block-start: 1px solid var(--line) }
section.subscription { padding: 1rem; border: 1px solid var(--line); border-radius: .625rem }
section.subscription + section { border: 0 }
ul { padding: 0; margin: 1rem 0; list-style: none }
.items { margin-block-start: 0 }
li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem 1rem; align-items: center;
  padding: .75rem 0; border-block-end: 1px solid var(--line) }
li:last-child { border-block-end: 0 }
.items li { padding-block: .25rem }
form + form { margin-block-start: 1.25rem }
label + p { margin-block-start: 1rem }
.name { font-weight: 500 }
.note { display: block; font-weight: 400; font-size: .875rem }
.note::first-letter { text-transform: uppercase }
.status { padding: .125rem .5rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .875rem; color: var(--muted) }
label { display: block; margin-block-start: 1rem; font-weight: 500 }
input, select { width: 100%; min-height: 2.75rem; margin-block-start: .25rem; padding: .625rem .75rem; font: inherit; color: inherit;
  background: var(--back); border: 1px solid var(--edge); border-radius: .5rem }
fieldset { border: 0; margin: 1rem 0 0; padding: 0; min-inline-size: 0 }
legend { padding: 0; font-weight: 500 }
.choice { display: inline-flex; align-items: center; gap: .5rem; min-height: 1.5rem; margin: .5rem 1.5rem 0 0; font-weight: 400 }
.choice input { width: 1.25rem; height: 1.25rem; min-height: 0; margin: 0; accent-color: var(--accent) }
.by-bank, form:has([value=bank]:checked) .by-card { display: none }
form:has([value=bank]:checked) .by-bank { display: block }
.row { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem }
button { padding: .625rem 1rem; min-height: 2.75rem; font: inherit; font-weight: 600; border-radius: .5rem;
  border: 1px solid var(--accent); background: transparent; color: var(--accent); cursor: pointer }
button:hover { background: color-mix(in srgb, var(--accent) 10%, transparent) }
button.primary { width: 100%; margin-block-start: 1.5rem; background: var(--accent); color: var(--on-accent) }
button.primary:hover { background: color-mix(in srgb, var(--accent) 88%, var(--text)) }
button.plain { width: 100%; margin-block-start: .75rem }
.inline { display: flex; flex-wrap: wrap; align-items: end; gap: .5rem 1rem; margin-block-start: 1rem }
.inline label { flex: 1 1 9rem; margin: 0 }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-block-start: 1.25rem }
a { color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.back { display: inline-block; margin-block-start: 1.5rem }
`
