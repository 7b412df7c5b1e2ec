import { expect, it } from 'vitest'
import { arabic } from '../locales/ar.ts'
import { german } from '../locales/de.ts'
import { spanish } from '../locales/es.ts'
import { french } from '../locales/fr.ts'
import { japanese } from '../locales/ja.ts'
import { refusalEnglish } from '../plans/refusal-messages.ts'
import { commonEnglish } from './common-messages.ts'
import type { CommonMessages } from './common-messages.ts'
import { problemText } from './problem-text.ts'

function refusal(name: string, status: number, more: object = {}) {
  return { status, problem: { type: `https://docs.example.com/problems/${name}`, title: 'The server says', status, ...more } }
}

/** What a billing route can answer to a browser; the others are of webhooks and of the app's own routes. */
const names = [
  'unauthenticated', 'forbidden', 'not-found', 'already-subscribed', 'rate-limited', 'payments-failed', 'payment-past-due', 'plan-required',
  'quota-exceeded', 'invalid-request', 'overloaded', 'unavailable', 'internal', 'plan', 'interval', 'currency', 'quantity', 'promotionCode',
] as const
const languages: Readonly<Record<string, CommonMessages>> = { arabic, german, spanish, french, japanese }

it.each(Object.entries(languages))('has words for whatever can go wrong, %s', (_language, { problems }) => {
  for (const name of names) expect(problems[name] ?? name).toMatch(/[.。]$/)
})

it.each([
  ['the words of a problem', refusal('rate-limited', 429), 'Zu viele Versuche. Bitte versuchen Sie es in einer Minute erneut.'],
  ['the words of the field that was wrong', refusal('invalid-request', 400, { faults: [{ path: 'promotionCode', message: 'No such code' }] }), german.problems.promotionCode],
  ['that a field without words was wrong', refusal('invalid-request', 400, { faults: [{ path: 'until', message: 'Give an instant' }] }), german.problems['invalid-request']],
  ['what the server says in detail', refusal('of-tomorrow', 409, { detail: 'Come back tomorrow' }), 'Come back tomorrow'],
  ['what the server says in short', refusal('of-tomorrow', 409), 'The server says.'],
  ['what a proxy means', { status: 401, problem: undefined }, 'Bitte melden Sie sich zuerst an.'],
  ['that nobody knows why', { status: 502, problem: undefined }, 'Nichts.'],
  ['that nobody answered', { status: 0, problem: undefined }, 'Nichts.'],
])('tells %s', (_what, error, text) => {
  expect(problemText(error, german, 'Nichts.')).toBe(text)
})

it('speaks English where the app says nothing else, with words of its own where the server speaks to programs', () => {
  expect(problemText(refusal('unauthenticated', 401), commonEnglish, '')).toBe('Sign in first.')
  expect(problemText(refusal('unauthenticated', 401), refusalEnglish, '')).toBe('Sign in first.')
  expect(problemText(refusal('forbidden', 403), refusalEnglish, '')).toBe('You may not manage billing.')
  expect(problemText(refusal('unavailable', 503), refusalEnglish, '')).toBe('The server says.')
  const faults = [{ path: 'until', message: 'Give an instant' }]
  expect(problemText(refusal('invalid-request', 400, { faults }), refusalEnglish, '')).toBe('Give an instant')
})
