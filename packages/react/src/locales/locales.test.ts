import { derivePricing, deriveUsage } from '@farebox/core/client'
import { describe, expect, it } from 'vitest'
import { createFormat } from '../messages/format.ts'
import type { Messages } from '../messages/messages.ts'
import { mockPlans } from '../testing/mock-answers.ts'
import { mockUsage } from '../testing/mock-snapshot.ts'
import { arabic } from './ar.ts'
import { createGerman, german } from './de.ts'
import { spanish } from './es.ts'
import { french } from './fr.ts'
import { japanese } from './ja.ts'

const all: Readonly<Record<string, Messages>> = { ar: arabic, de: german, es: spanish, fr: french, ja: japanese }
const counts = [0, 1, 2, 3, 11, 100]

function at(language: string, write: (messages: Messages, count: number, format: ReturnType<typeof createFormat>) => string): string[] {
  const messages = all[language]
  if (messages === undefined) throw new Error(`No language ${language}`)
  const format = createFormat(`${language}-u-nu-latn`, 'UTC')
  return counts.map((count) => write(messages, count, format))
}

function withPlans(trialDays: number, quantity: number) {
  const [, pro] = mockPlans().plans
  const month = pro?.prices.month
  if (pro === undefined || month === undefined) throw new Error('No plan with a price')
  const [plan] = derivePricing({ plans: [{ ...pro, trialDays, prices: { month: { ...month, perSeat: true } } }] }, undefined, { quantity }).plans
  if (plan === undefined) throw new Error('No plan')
  return plan
}

describe('counts', () => {
  it.each([
    ['ar', ['لا فواتير إضافية', 'فاتورة إضافية واحدة', 'فاتورتان إضافيتان', '3 فواتير إضافية', '11 فاتورة إضافية', '100 فاتورة إضافية']],
    ['de', ['0 weitere Rechnungen', '1 weitere Rechnung', '2 weitere Rechnungen', '3 weitere Rechnungen', '11 weitere Rechnungen', '100 weitere Rechnungen']],
    ['es', ['0 facturas más', '1 factura más', '2 facturas más', '3 facturas más', '11 facturas más', '100 facturas más']],
    ['fr', ['0 facture de plus', '1 facture de plus', '2 factures de plus', '3 factures de plus', '11 factures de plus', '100 factures de plus']],
    ['ja', ['請求書をさらに 0 件表示', '請求書をさらに 1 件表示', '請求書をさらに 2 件表示', '請求書をさらに 3 件表示', '請求書をさらに 11 件表示', '請求書をさらに 100 件表示']],
  ])('of invoices, %s', (language, texts) => {
    expect(at(language, (messages, count, { number }) => messages.invoicesLoaded(count, number(count)))).toEqual(texts)
  })

  it.each([
    ['ar', ['اليوم الأخير من فترتك التجريبية', 'اليوم الأخير من فترتك التجريبية', 'يتبقى يومان من الفترة التجريبية', 'تتبقى 3 أيام من الفترة التجريبية', 'يتبقى 11 يومًا من الفترة التجريبية', 'يتبقى 100 يوم من الفترة التجريبية']],
    ['de', ['Letzter Tag Ihrer Testphase', 'Letzter Tag Ihrer Testphase', 'Noch 2 Tage Testphase', 'Noch 3 Tage Testphase', 'Noch 11 Tage Testphase', 'Noch 100 Tage Testphase']],
    ['es', ['Último día de tu prueba', 'Último día de tu prueba', 'Quedan 2 días de prueba', 'Quedan 3 días de prueba', 'Quedan 11 días de prueba', 'Quedan 100 días de prueba']],
    ['fr', ['Dernier jour de votre essai', 'Dernier jour de votre essai', '2 jours d’essai restants', '3 jours d’essai restants', '11 jours d’essai restants', '100 jours d’essai restants']],
    ['ja', ['トライアルは本日で終了', 'トライアルは本日で終了', 'トライアルは残り 2 日', 'トライアルは残り 3 日', 'トライアルは残り 11 日', 'トライアルは残り 100 日']],
  ])('of days of a trial, %s', (language, texts) => {
    expect(at(language, (messages, count, format) => messages.trialLeft(count, format))).toEqual(texts)
  })

  it.each([
    ['ar', ['لمقعد واحد', 'يوم واحد مجانًا، لمقعد واحد', 'يومان مجانًا، لمقعدين', '3 أيام مجانًا، لعدد 3 مقاعد', '11 يومًا مجانًا، لعدد 11 مقعدًا', '100 يوم مجانًا، لعدد 100 مقعد']],
    ['de', ['für 1 Platz', '1 Tag kostenlos, für 1 Platz', '2 Tage kostenlos, für 2 Plätze', '3 Tage kostenlos, für 3 Plätze', '11 Tage kostenlos, für 11 Plätze', '100 Tage kostenlos, für 100 Plätze']],
    ['es', ['por 1 plaza', '1 día gratis, por 1 plaza', '2 días gratis, por 2 plazas', '3 días gratis, por 3 plazas', '11 días gratis, por 11 plazas', '100 días gratis, por 100 plazas']],
    ['fr', ['pour 1 siège', '1 jour gratuit, pour 1 siège', '2 jours gratuits, pour 2 sièges', '3 jours gratuits, pour 3 sièges', '11 jours gratuits, pour 11 sièges', '100 jours gratuits, pour 100 sièges']],
    ['ja', ['1 シート分', '1 日間無料、1 シート分', '2 日間無料、2 シート分', '3 日間無料、3 シート分', '11 日間無料、11 シート分', '100 日間無料、100 シート分']],
  ])('of free days and seats, %s', (language, texts) => {
    expect(at(language, (messages, count, format) => messages.price(withPlans(count, Math.max(1, count)), format).note)).toEqual(texts)
  })

  it.each([
    ['de', ['Limit erreicht', 'noch 1', 'noch 2', 'noch 3', 'noch 11', 'noch 100']],
    ['es', ['límite alcanzado', 'queda 1', 'quedan 2', 'quedan 3', 'quedan 11', 'quedan 100']],
    ['fr', ['limite atteinte', '1 restant', '2 restants', '3 restants', '11 restants', '100 restants']],
    ['ar', ['تم بلوغ الحد', 'المتبقي 1', 'المتبقي 2', 'المتبقي 3', 'المتبقي 11', 'المتبقي 100']],
  ])('of what is left, %s', (language, texts) => {
    expect(at(language, (messages, count, format) => messages.left(deriveUsage(mockUsage(1000 - count, 1000)), format))).toEqual(texts)
  })

  it.each([
    ['de', ['verfallen', 'verfällt', 'verfallen', 'verfallen', 'verfallen', 'verfallen']],
    ['es', ['caducan', 'caduca', 'caducan', 'caducan', 'caducan', 'caducan']],
    ['fr', ['expire', 'expire', 'expirent', 'expirent', 'expirent', 'expirent']],
  ])('of credits that end, %s', (language, verbs) => {
    expect(at(language, (messages, count) => messages.creditsExpire('X', count, 'Y').split(' ')[1] ?? '')).toEqual(verbs)
  })
})

it('say a million as each language does', () => {
  expect([french, spanish, german].map(({ invoicesLoaded }) => invoicesLoaded(1_000_000, '1 M'))).toEqual(['1 M de factures de plus', '1 M de facturas más', '1 M weitere Rechnungen'])
})

it.each(Object.entries(all))('name every status, %s', (_language, messages) => {
  const statuses = ['none', 'incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled', 'unknown'] as const
  expect(new Set(statuses.map((status) => messages.status(status))).size).toBe(statuses.length)
})

it.each(Object.entries(all))('let the words of a button stand in what is heard of it, %s', (_language, { pay, payInvoice, pdf, pdfOfInvoice }) => {
  expect(payInvoice('F-1')).toContain(pay)
  expect(pdfOfInvoice('F-1')).toContain(pdf)
})

it('write amounts as the app says, in every sentence', () => {
  const { usage, terms, upgrade } = createGerman((written, count) => `${written} ${count === 1 ? 'Aufruf' : 'Aufrufe'}`)
  const format = createFormat('de', 'UTC')
  expect(usage(deriveUsage(mockUsage(1, 5)), format)).toBe('1 von 5 Aufrufe')
  expect(terms({ kind: 'metered', limit: 1, unit: 'call', interval: 'day', overage: null }, format)).toBe('1 Aufruf pro Tag')
  const offer = { reason: 'quota-exceeded', action: 'checkout', feature: 'a', plan: 'pro', planName: 'Pro', interval: 'month', limit: 500, unit: 'call' } as const
  expect(upgrade(offer, 'A', format).text).toBe('Pro enthält 500 Aufrufe.')
})
