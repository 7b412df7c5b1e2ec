import { BillingMockDefaults, mockAdminCustomer, mockAnswers } from '@farebox/react/testing'
import { type ReactElement, createElement } from 'react'
import { describe, expect, it } from 'vitest'
import { render } from 'vitest-browser-react'
import { allStates } from './all-states.ts'
import { languages } from './languages.ts'
import '../src/styles.css'

const sources = import.meta.glob<string>('../src/*/*-messages.ts', { query: '?raw', import: 'default', eager: true })
const stateSources = import.meta.glob<string>('./states/*.tsx', { query: '?raw', import: 'default', eager: true })
const word = /\p{L}{3,}/gu

/** Every English word of some messages: what stands between quotes in their sources, without what is put in. */
function englishWords(isOf: (path: string) => boolean): ReadonlySet<string> {
  const texts = Object.entries(sources).flatMap(([path, source]) => {
    if (!isOf(path)) return []
    const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$|^import .*$/gm, '')
    return [...code.matchAll(/'([^'\n]*)'|`([^`\n]*)`/g)].map(([, plain, template]) => plain ?? template?.replaceAll(/\$\{[^}]*\}/g, ' ') ?? '')
  })
  return new Set(texts.flatMap((text) => text.toLowerCase().match(word) ?? []))
}

/** What belongs to the app and to Stripe, and stays as it is: names, units, descriptions, lines, and what the states have inside. */
const data = [
  'API calls', 'Free', 'American Express', 'Revolut pay', 'SEPA', 'minute', 'period-end/invoice',
  ...Object.values(stateSources).flatMap((source) => [...source.matchAll(/>([^<>{}\n]*\p{L}[^<>{}\n]*)</gu)].map(([, text = '']) => text)),
  ...(JSON.stringify([mockAnswers(), mockAdminCustomer()]).match(/"[^"]* [^"]*"/g) ?? []).map((text) => text.slice(1, -1)),
]

/** What admins write and read in every language: units, keys, codes, statuses of the simulator's data, and names of programs. */
const adminData = [
  'stripe', 'farebox', 'push', 'createfarebox', 'json', 'utc', 'usd', 'eur', 'mail', 'call', 'token', 'team', 'apicalls', 'small', 'pack', 'trial', 'hour', 'minute', 'nobody',
  'second', 'day', 'free',
]
const adminShared: Readonly<Record<string, readonly string[]>> = {
  de: ['server', 'app', 'hand', 'name', 'text', 'block'],
  es: ['portal'],
  fr: ['source', 'actions', 'description', 'contact', 'change', 'instances', 'packs'],
}

/** Words that a language shares with English. */
const shared: Readonly<Record<string, readonly string[]>> = {
  ar: ['pdf', 'csv'],
  de: ['pdf', 'csv', 'status', 'limit', 'code', 'was', 'minute'],
  es: ['pdf', 'csv', 'plan', 'total', 'may'],
  fr: ['pdf', 'csv', 'documents', 'total', 'code', 'service'],
  ja: ['pdf', 'csv'],
}

const english = englishWords((path) => !path.includes('/admin/'))
const adminEnglish = englishWords(() => true)

/** All that people read or hear. */
function textOf(container: HTMLElement): string {
  const heard = [...container.querySelectorAll('[aria-label], [aria-valuetext], [title], [placeholder]')].flatMap((element) =>
    ['aria-label', 'aria-valuetext', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
  )
  const seen = [...container.querySelectorAll(':not(code, pre, pre *)')].flatMap(({ childNodes }) =>
    [...childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ textContent }) => textContent ?? ''),
  )
  return [...seen, ...heard].join('\n')
}

async function show(name: string, State: () => ReactElement, language: string): Promise<string> {
  const messages = languages[language]?.messages
  const { container, unmount } = await render(
    <BillingMockDefaults.Provider value={{ locale: language, ...(messages && { messages }) }}>{createElement(State)}</BillingMockDefaults.Provider>,
  )
  const isLoading = name.includes('loading')
  await expect.poll(() => isLoading || container.querySelector('[aria-busy=true]') === null).toBe(true)
  const text = textOf(container)
  await unmount()
  return text
}

function englishIn(text: string, language: string, words: ReadonlySet<string>): string[] {
  const own = data.reduce((rest, phrase) => rest.replaceAll(phrase, ' '), text)
  const known = [...(shared[language] ?? []), ...(words === adminEnglish ? [...adminData, ...(adminShared[language] ?? [])] : [])]
  return [...new Set(own.toLowerCase().match(word) ?? [])].filter((found) => words.has(found) && !known.includes(found))
}

it('knows the English words', () => {
  expect(english.size).toBeGreaterThan(150)
  expect([...english]).toEqual(expect.arrayContaining(['offline', 'again', 'invoice', 'left', 'resets']))
})

const families = Object.keys(allStates)

describe.each(Object.keys(languages).filter((language) => language !== 'en'))('%s', (language) => {
  it.each(families)('leaves no English word in %s', async (family) => {
    const found: string[] = []
    for (const [name, State] of Object.entries(allStates[family] ?? {})) {
      const words = englishIn(await show(name, State, language), language, family === 'Admin' ? adminEnglish : english)
      if (words.length > 0) found.push(`${name}: ${words.join(' ')}`)
    }
    expect(found).toEqual([])
  })
})
