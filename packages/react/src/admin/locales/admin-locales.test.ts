import { type PushStep, checkCatalogData } from '@farebox/core/catalog'
import { describe, expect, it } from 'vitest'
import { catalogData } from '../../../gallery/states/admin.tsx'
import { commonEnglish } from '../../messages/common-messages.ts'
import { createFormat } from '../../messages/format.ts'
import { type AdminMessages, adminEnglish } from '../admin-messages.ts'
import { type CatalogMessages, catalogEnglish } from '../catalog-messages.ts'
import { type PlanEditorMessages, planEditorEnglish } from '../plan-editor-messages.ts'
import { adminArabic, planEditorArabic } from './ar.ts'
import { adminGerman, planEditorGerman } from './de.ts'
import { adminSpanish, planEditorSpanish } from './es.ts'
import { faultPatterns, faultText } from './fault-text.ts'
import { adminFrench, planEditorFrench } from './fr.ts'
import { adminJapanese, planEditorJapanese } from './ja.ts'

interface Language {
  readonly admin: AdminMessages
  readonly editor: PlanEditorMessages & CatalogMessages
}

const all: Readonly<Record<string, Language>> = {
  ar: { admin: adminArabic, editor: planEditorArabic },
  de: { admin: adminGerman, editor: planEditorGerman },
  es: { admin: adminSpanish, editor: planEditorSpanish },
  fr: { admin: adminFrench, editor: planEditorFrench },
  ja: { admin: adminJapanese, editor: planEditorJapanese },
}
const counts = [0, 1, 2, 3, 11, 100]

function at(language: string, write: (language: Language, count: number, written: string) => string): string[] {
  const words = all[language]
  if (words === undefined) throw new Error(`No language ${language}`)
  const { number } = createFormat(`${language}-u-nu-latn`, 'UTC')
  return counts.map((count) => write(words, count, number(count)))
}

describe('counts', () => {
  it.each([
    ['ar', ['لم يُعثر على عملاء', 'عُثر على عميل واحد', 'عُثر على عميلين', 'عُثر على 3 عملاء', 'عُثر على 11 عميلًا', 'عُثر على 100 عميل']],
    ['de', ['0 Kunden gefunden', '1 Kunde gefunden', '2 Kunden gefunden', '3 Kunden gefunden', '11 Kunden gefunden', '100 Kunden gefunden']],
    ['es', ['0 clientes encontrados', '1 cliente encontrado', '2 clientes encontrados', '3 clientes encontrados', '11 clientes encontrados', '100 clientes encontrados']],
    ['fr', ['0 client trouvé', '1 client trouvé', '2 clients trouvés', '3 clients trouvés', '11 clients trouvés', '100 clients trouvés']],
    ['ja', ['0 件の顧客が見つかりました', '1 件の顧客が見つかりました', '2 件の顧客が見つかりました', '3 件の顧客が見つかりました', '11 件の顧客が見つかりました', '100 件の顧客が見つかりました']],
  ])('of customers, %s', (language, texts) => {
    expect(at(language, ({ admin }, count, written) => admin.found(count, written))).toEqual(texts)
  })

  it.each([
    ['ar', ['لا شيء للتصحيح', 'أمر واحد للتصحيح', 'أمران للتصحيح', '3 أمور للتصحيح', '11 أمرًا للتصحيح', '100 أمر للتصحيح']],
    ['de', ['0 Fehler zu beheben', '1 Fehler zu beheben', '2 Fehler zu beheben', '3 Fehler zu beheben', '11 Fehler zu beheben', '100 Fehler zu beheben']],
    ['es', ['0 datos por corregir', '1 dato por corregir', '2 datos por corregir', '3 datos por corregir', '11 datos por corregir', '100 datos por corregir']],
    ['fr', ['0 point à corriger', '1 point à corriger', '2 points à corriger', '3 points à corriger', '11 points à corriger', '100 points à corriger']],
    ['ja', ['要修正 0 件', '要修正 1 件', '要修正 2 件', '要修正 3 件', '要修正 11 件', '要修正 100 件']],
  ])('of faults, %s', (language, texts) => {
    expect(at(language, ({ editor }, count, written) => editor.faults(count, written))).toEqual(texts)
  })

  it.each([
    ['ar', ['X', 'X', 'X، مقعدان على الأقل', 'X، 3 مقاعد على الأقل', 'X، 11 مقعدًا على الأقل', 'X، 100 مقعد على الأقل']],
    ['de', ['X', 'X', 'X, mindestens 2 Plätze', 'X, mindestens 3 Plätze', 'X, mindestens 11 Plätze', 'X, mindestens 100 Plätze']],
    ['es', ['X', 'X', 'X, mínimo 2 plazas', 'X, mínimo 3 plazas', 'X, mínimo 11 plazas', 'X, mínimo 100 plazas']],
    ['fr', ['X', 'X', 'X, au moins 2 sièges', 'X, au moins 3 sièges', 'X, au moins 11 sièges', 'X, au moins 100 sièges']],
    ['ja', ['X', 'X', 'X、最小 2 シート', 'X、最小 3 シート', 'X、最小 11 シート', 'X、最小 100 シート']],
  ])('of the fewest seats, %s', (language, texts) => {
    expect(at(language, ({ editor }, count, written) => editor.priceTerms('X', null, count, written))).toEqual(texts)
  })
})

const step = (change: object): PushStep => ({ action: 'create', ...change }) as PushStep
const price = { plan: 'pro', interval: 'year', product: 'p', lookupKey: 'k', currency: 'usd', amounts: { usd: 1 }, tiersMode: null, minimum: 1 }
const pack = { pack: 'small', product: 'p', lookupKey: 'k', name: 'Small', description: null, currency: 'usd', amounts: { usd: 1 } }
const steps: readonly PushStep[] = [
  step({ kind: 'product', target: { plan: 'pro' } }), step({ kind: 'product', action: 'leave', plan: 'pro' }),
  step({ kind: 'product', action: 'change', target: { plan: 'pro' }, fields: ['name', 'description', 'active', 'metadata'] }),
  step({ kind: 'price', target: price }), step({ kind: 'price', action: 'retire', plan: 'pro', interval: 'month' }),
  step({ kind: 'pack', target: pack }), step({ kind: 'pack', action: 'retire', pack: 'small' }), step({ kind: 'portal' }),
]
const name = (key: string): string => key

/** Every text that there can be, by where it is. What is put into it stands in brackets, which no language has. */
function textsOf({ admin, editor }: Language): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {}
  function add(where: string, made: Readonly<Record<string, string>> | string): void {
    if (typeof made === 'string') texts[where] = made
    else for (const [part, text] of Object.entries(made)) texts[`${where}.${part}`] = text
  }
  for (const [where, text] of Object.entries({ ...admin, ...editor })) if (typeof text === 'string') add(where, text)
  add('refusals', admin.refusals)
  add('fieldFaults', admin.fieldFaults)
  for (const source of ['default', 'subscription', 'override'] as const) add(`planOf ${source}`, admin.planOf(source))
  for (const source of ['allowance', 'grant', 'pack', 'overage'] as const) add(`sourceOf ${source}`, admin.sourceOf(source))
  for (const until of [null, '[date]']) add(`overrideUntil ${until}`, admin.overrideUntil(until))
  for (const change of ['grant', 'void-grant', 'override', 'end-override'] as const) {
    add(`change ${change}`, { ...admin.change(change, '[name]') })
    for (const until of [null, '[date]']) add(`audit ${change} ${until}`, admin.audit(change, { name: '[name]', amount: '[amount]', until }))
  }
  add('rest', {
    noCustomers: admin.noCustomers('[name]'), periodOf: admin.periodOf('[date]', '[date]'), usedOf: admin.usedOf('[amount]', '[amount]'), overrideEnded: admin.overrideEnded('[date]'),
    voidNamed: admin.voidNamed('[name]'), endNamed: admin.endNamed('[name]'),
    moveUp: editor.moveUp('[name]'), moveDown: editor.moveDown('[name]'), removePlan: editor.removePlan('[name]'), planRemoved: editor.planRemoved('[name]'),
    planMoved: editor.planMoved('[name]', '[amount]', '[amount]'), value: editor.value('[name]'), unlimited: editor.unlimited('[name]'), paidSeats: editor.paidSeats('[name]'),
    amountOf: editor.amountOf('[name]'), per: editor.per('[name]'), overageOf: editor.overageOf('[name]', '[code]'), tierBeyond: editor.tierCost('[amount]', null),
    tier: editor.tierCost('[amount]', '[amount]'), graduated: editor.priceTerms('[amount]', 'graduated', 1, ''), volume: editor.priceTerms('[amount]', 'volume', 1, ''),
    removeFeature: editor.removeFeature('[name]'), featureRemoved: editor.featureRemoved('[name]'), gatesOf: editor.gatesOf('[name]'), removePack: editor.removePack('[name]'),
    packRemoved: editor.packRemoved('[name]'), packPrice: editor.packPrice('[code]'), packGives: editor.packGives('[name]'), pairOf: editor.pairOf('[name]', '[name]'),
    removePair: editor.removePair('[name]', '[name]'), graceHint: editor.graceHint('[amount]'), void: editor.packRefundsRule('void'), keep: editor.packRefundsRule('keep'),
    eachGraduated: editor.tiersModeOf('graduated'), allVolume: editor.tiersModeOf('volume'), deny: editor.onErrorRule('deny'), allow: editor.onErrorRule('allow'),
  })
  for (const interval of ['month', 'year'] as const) {
    add(interval, {
      sold: editor.sold(interval), price: editor.price(interval, '[code]'), tierPrice: editor.tierPrice(interval, '[code]', '[amount]'), tierEnd: editor.tierEnd(interval, '[amount]'),
      tiersMode: editor.tiersMode(interval), addTier: editor.addTier(interval), removeTier: editor.removeTier(interval), perSeat: editor.perSeat(interval),
      minimumSeats: editor.minimumSeats(interval), each: editor.each('[amount]', interval),
    })
  }
  for (const span of ['hour', 'day', 'week', 'month', 'year'] as const) add(`span ${span}`, editor.span(span))
  for (const group of ['create', 'replace', 'change', 'retire', 'leave'] as const) add(`group ${group}`, editor.group(group))
  for (const kind of ['metered', 'seats', 'toggle', 'setting'] as const) add(`kindOf ${kind}`, editor.kindOf(kind))
  for (const anchor of ['customer', 'calendar', 'subscription'] as const) add(`anchorOf ${anchor}`, editor.anchorOf(anchor))
  for (const kind of ['upgrade', 'downgrade', 'longerInterval', 'shorterInterval', 'moreQuantity', 'lessQuantity'] as const) add(`moveOf ${kind}`, editor.moveOf(kind))
  for (const proration of ['invoice', 'next-invoice', 'none'] as const) add(`moveRule ${proration}`, editor.moveRule({ when: 'now', proration }))
  add('moveRule later', editor.moveRule({ when: 'period-end', proration: 'none' }))
  for (const status of ['incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled', 'unknown'] as const) {
    add(`accessOf ${status}`, editor.accessOf(status))
  }
  for (const rule of ['full', 'grace', 'none'] as const) add(`accessRule ${rule}`, editor.accessRule(rule))
  for (const [index, each] of steps.entries()) {
    for (const before of ['', '[before]']) add(`step ${index} ${before}`, editor.step(each, () => '[name]', { now: '[now]', before }))
  }
  return texts
}

/** What all components share comes from the provider, in its language. */
const common = Object.keys(commonEnglish)
const english = textsOf({ admin: adminEnglish, editor: { ...planEditorEnglish, ...catalogEnglish } })
/** What a language and English say alike: names of programs, and words that they share. */
const alike: Readonly<Record<string, readonly string[]>> = {
  de: ['name'], es: ['fieldPlan'], fr: ['columnActions', 'description', 'email', 'sourceOf pack'],
}

function inside(text: string | undefined): string[] {
  return (text?.match(/\[\w+\]/g) ?? []).toSorted()
}

function isKnown(message: string): boolean {
  return Object.values(faultPatterns).some((pattern) => pattern.test(message))
}

describe.each(Object.keys(all))('%s', (language) => {
  const texts = textsOf(all[language] ?? { admin: adminEnglish, editor: { ...planEditorEnglish, ...catalogEnglish } })

  it('leaves no text empty, in English, or with something that was not written', () => {
    const faults = Object.entries(texts).flatMap(([where, text]) => {
      if (english[where] === '') return []
      const isLeft = text === english[where] && !alike[language]?.includes(where)
      return text.trim() === '' || isLeft || /undefined|null|NaN|\$\{|\[object|\$\d/.test(text) ? [`${where}: ${text}`] : []
    })
    expect(faults).toEqual([])
  })

  it('says whatever English says, with the same things in it', () => {
    // English leaves the words of fields to the server.
    const shared = Object.keys(texts).filter((where) => english[where] !== undefined)
    expect(Object.keys(english).filter((where) => texts[where] === undefined && !common.includes(where))).toEqual([])
    expect(shared.filter((where) => JSON.stringify(inside(texts[where])) !== JSON.stringify(inside(english[where])))).toEqual([])
  })

  it('lets the words of a button stand in what is heard of it', () => {
    const { admin, editor } = all[language] ?? { admin: adminEnglish, editor: { ...planEditorEnglish, ...catalogEnglish } }
    expect(admin.voidNamed('X')).toContain(admin.voidAction)
    expect(admin.endNamed('X')).toContain(admin.endAction)
    for (const heard of [editor.removePlan('X'), editor.removePack('X'), editor.removeFeature('X'), editor.removePair('X', 'Y')]) expect(heard).toContain(editor.remove)
  })

  it('has words for what is wrong with a catalog', () => {
    const { editor } = all[language] ?? { editor: { ...planEditorEnglish, ...catalogEnglish } }
    const faults = checkCatalogData({ ...catalogData, plans: { pro: { name: '', trialDays: 900, features: { gone: true } } } })
    expect(faults.map(({ path }) => path)).toEqual(expect.arrayContaining(['plans', 'plans.pro.name', 'plans.pro.trialDays', 'plans.pro.features.gone']))
    for (const fault of faults) {
      expect(editor.fault(fault)).not.toBe(fault.message)
      expect(editor.fault(fault)).not.toContain('$')
    }
    expect(editor.fault(faults.find(({ path }) => path.endsWith('trialDays')) ?? { path: '', message: '' })).toContain('730')
  })
})

it('isolates names in Arabic, so that a name that ends in a bracket keeps it', () => {
  expect(adminArabic.endNamed('Pro (2026)')).toBe('إنهاء \u2068Pro (2026)\u2069')
})

const sources = import.meta.glob<string>('../../../../core/src/domain/{parse-*,define-catalog}.ts', { query: '?raw', import: 'default', eager: true })
/** What only somebody who writes a catalog file can get wrong. */
const ofFiles =
  /^(Make features with|Give an object$|Give a list of gates|A gate has limit|Count per second|Give true or false|Nest at most|Give a value that JSON|A pack is paid by|Give allowance|The last tier has|Give at least one price|Give one of|The catalog is not valid)/

it('knows every fault of a catalog that an editor can make, and none besides', () => {
  const said = Object.values(sources).flatMap((source) =>
    [...source.matchAll(/fault\((?:'((?:[^'\\]|\\.)*)'|`([^`]*)`)/g)].map(([, plain, template]) => plain?.replaceAll('\\', '') ?? template?.replaceAll(/\$\{[^}]*\}/g, '7') ?? ''),
  )
  expect(said.length).toBeGreaterThan(40)
  expect(said.filter((message) => !isKnown(message) && !ofFiles.test(message))).toEqual([])
  expect(Object.entries(faultPatterns).filter(([, pattern]) => !said.some((message) => pattern.test(message)))).toEqual([])
  const fault = { path: 'features', message: 'Give an object' }
  expect(faultText(fault, Object.fromEntries(Object.keys(faultPatterns).map((key) => [key, name(key)])) as Parameters<typeof faultText>[1])).toBe('Give an object')
})
