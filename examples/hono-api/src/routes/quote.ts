import type { Context } from 'hono'

const quotes = [
  'A ticket to somewhere is better than a map of everywhere.',
  'Count what you promised; promise what you can count.',
  'The bus leaves on time for those who paid and those who wait.',
  'An honest limit is kinder than a silent one.',
  'Small change, counted once, adds up.',
] as const

/** One quote a call: the thing this app sells. Change it to yours. */
export function quote(context: Context): Response {
  const index = Math.floor(Math.random() * quotes.length)
  return context.json({ quote: quotes[index] ?? quotes[0] })
}
