import { createPlural } from '../../locales/plural.ts'
import type { CatalogMessages } from '../catalog-messages.ts'
import type { PlanEditorMessages } from '../plan-editor-messages.ts'
import { type FaultTexts, faultText } from './fault-text.ts'

const plural = /* @__PURE__ */ createPlural<'one'>('de')
const intervals = { month: 'monatlich', year: 'jährlich' } as const
const fields = { name: 'Name', description: 'Beschreibung', active: 'aktiv', metadata: 'Metadaten' } as const

const faults: FaultTexts = {
  text: 'Geben Sie einen Text von 1 bis $1 Zeichen ein.',
  whole: 'Geben Sie eine ganze Zahl von $1 bis $2 ein.',
  name: 'Beginnen Sie den Schlüssel mit einem Kleinbuchstaben; danach bis zu 63 Buchstaben ohne Umlaute, Ziffern und Bindestriche.',
  reserved: 'Wählen Sie einen anderen Schlüssel: Dieser ist in JavaScript vergeben.',
  unknown: 'Das gibt es hier nicht; es gibt: $1.',
  noDefault: 'Ein Tarif muss der Standard sein, für Kunden, die keinen anderen haben.',
  manyDefaults: 'Nur ein Tarif kann der Standard sein; hier sind es: $1.',
  defaultFree: 'Der Standardtarif hat keinen Preis: Niemand hat sich entschieden, dafür zu zahlen.',
  defaultSales: 'Den Standardtarif haben alle.',
  trialPrice: 'Auf eine Testphase muss ein Preis folgen.',
  money: 'Geben Sie einen Betrag nur aus Ziffern und Dezimalzeichen ein, etwa 29,90.',
  steps: 'Geben Sie einen Betrag über null ein, in $1 in Schritten von $2 der kleinsten Einheit; ein kostenloser Tarif hat keinen Preis.',
  unitPrice: 'Geben Sie den Preis einer Einheit mit Dezimalpunkt ein, etwa 0.10.',
  aboveZero: 'Geben Sie einen Preis über null ein.',
  tierCosts: 'Mindestens eine Staffel muss etwas kosten.',
  currencyOnce: 'Nennen Sie jede Währung nur einmal.',
  currenciesDiffer: 'Ein Tarif braucht überall dieselben Währungen in derselben Reihenfolge; hier sind es: $1.',
  paidSeats: 'Plätze werden nur bezahlt, wenn alle Preise des Tarifs je Platz gelten.',
  seats: 'Geben Sie eine Anzahl Plätze an, „unbegrenzt“ oder „so viele, wie bezahlt werden“.',
  unlimitedOverage: 'Über ein unbegrenztes Kontingent hinaus gibt es nichts.',
  noFeature: 'Diese Funktion gibt es im Katalog nicht.',
  gateForm: 'Schreiben Sie ein Limit wie 100/minute; möglich sind second, minute, hour und day.',
  gateLimit: 'Geben Sie ein Limit von 1 bis $1 an und als dritte Zahl keine größere.',
  gateRate: 'Geben Sie höchstens eine Anfrage je Mikrosekunde an.',
  gateTwice: 'Das Limit $1 steht zweimal da.',
  gateMetered: 'Nur Funktionen, die gezählt werden, können Anfragelimits haben.',
  gateFeature: 'Der Tarif enthält diese Funktion nicht; das Limit wäre ohne Wirkung.',
  packMetered: 'Nur Funktionen, die gezählt werden, können in einem Paket sein.',
  packEmpty: 'Geben Sie mindestens eine Menge an.',
  samePair: 'Nennen Sie zwei verschiedene Tarife.',
  prorated: 'Am Ende eines Zeitraums wird nichts anteilig verrechnet.',
  closed: 'Ein Abonnement in diesem Status gibt nie Zugang.',
}

/** The words of `PlanEditor` in German. */
export const planEditorGerman: PlanEditorMessages & CatalogMessages = {
  plansTitle: 'Tarife, der niedrigste zuerst',
  undo: 'Rückgängig',
  undone: 'Rückgängig gemacht',
  moveUp: (plan) => `${plan} nach oben`,
  moveDown: (plan) => `${plan} nach unten`,
  remove: 'Entfernen',
  removePlan: (plan) => `Entfernen: ${plan}`,
  planRemoved: (plan) => `${plan} wurde entfernt. „Rückgängig“ holt den Tarif zurück.`,
  planMoved: (plan, place, of) => `${plan} ist Tarif ${place} von ${of}`,
  addPlan: 'Tarif hinzufügen',
  planKey: 'Schlüssel des neuen Tarifs',
  planKeyHint: 'So heißt er im Code, etwa „team“. Er bleibt, wie er ist.',
  keyTaken: 'Einen Tarif mit diesem Schlüssel gibt es schon.',
  fault: (fault) => faultText(fault, faults),
  faults: (_count, written) => `${written} Fehler zu beheben`,
  isDefault: 'Standard: für alle, die keinen anderen haben',
  isRecommended: 'Empfohlen',
  contactSales: 'Nicht direkt zu kaufen: Interessierte nehmen Kontakt auf',
  noPrice: 'kein Preis',
  name: 'Name',
  description: 'Beschreibung',
  trialDays: 'Testphase, in Tagen',
  trialRequiresCard: 'Die Testphase beginnt mit einer Karte',
  pricesTitle: 'Preise',
  currencies: 'Währungen',
  currenciesHint: 'Die übliche zuerst: usd, eur',
  sold: (interval) => `${interval === 'year' ? 'Jährlich' : 'Monatlich'} zu kaufen`,
  price: (interval, currency) => `Preis ${intervals[interval]}, ${currency}`,
  tierPrice: (interval, currency, place) => `Platz ${intervals[interval]}, ${currency}, Staffel ${place}`,
  tierEnd: (interval, place) => `Letzter Platz ${intervals[interval]}, Staffel ${place}`,
  tiersMode: (interval) => `Staffeln ${intervals[interval]}`,
  tiersModeOf: (mode) => (mode === 'graduated' ? 'jeder Platz nach seiner Staffel' : 'alle Plätze nach der Staffel ihrer Anzahl'),
  addTier: (interval) => `Staffel hinzufügen, ${intervals[interval]}`,
  removeTier: (interval) => `Letzte Staffel entfernen, ${intervals[interval]}`,
  perSeat: (interval) => `Je Platz zu zahlen, ${intervals[interval]}`,
  minimumSeats: (interval) => `Mindestzahl an Plätzen, ${intervals[interval]}`,
  each: (price, interval) => `${price} ${intervals[interval]}`,
  featuresTitle: 'Leistungen',
  included: (feature) => feature,
  value: (feature) => `${feature}, Wert`,
  valueHint: 'JSON oder ein Text.',
  unlimited: (feature) => `${feature}, unbegrenzt`,
  paidSeats: (feature) => `${feature}, so viele, wie bezahlt werden`,
  amountOf: (feature) => `${feature}, Menge`,
  per: (feature) => `${feature}, neu pro`,
  span: (span) => ({ hour: 'Stunde', day: 'Tag', week: 'Woche', month: 'Monat', year: 'Jahr' })[span],
  overageOf: (feature, currency) => `${feature}, je weitere Einheit, ${currency}`,
  overageHint: 'Leer: Mehrverbrauch wird abgelehnt.',
  restLoading: 'Funktionen, Pakete und Regeln werden geladen …',
  restFailed: 'Funktionen, Pakete und Regeln konnten nicht geladen werden.',
  restRetry: 'Erneut versuchen',
  changesTitle: 'Was farebox push tun würde',
  changesHint: 'In einem Konto, in das der bisherige Katalog übertragen wurde. Wirksam wird es, wenn die Datei ausgeliefert ist.',
  noChanges: 'Nichts: Bei Stripe bliebe alles, wie es ist.',
  changesAfterFaults: 'Beheben Sie zuerst, was nicht stimmt.',
  group: (group) =>
    ({
      create: 'Legt an',
      replace: 'Ersetzt Preise: Die alten werden archiviert, bestehende Abonnements behalten sie',
      change: 'Ändert',
      retire: 'Archiviert: nicht mehr zu kaufen, bestehende Abonnements behalten es',
      leave: 'Überlässt Ihnen die Entscheidung',
    })[group],
  tierCost: (price, end) => (end === null ? `${price} darüber hinaus` : `${price} bis Platz ${end}`),
  priceTerms: (cost, mode, minimum, written) => {
    const tiers = mode && (mode === 'graduated' ? 'jeder Platz nach seiner Staffel' : 'Staffel nach Anzahl')
    return [cost, tiers, minimum > 1 && `mindestens ${written} ${plural(minimum, { one: 'Platz', other: 'Plätze' })}`].filter(Boolean).join(', ')
  },
  step: (step, nameOf, { now, before }) => {
    switch (step.kind) {
      case 'product':
        if (step.action === 'leave') return `Das Produkt ${nameOf(step.plan)}, das der Katalog nicht mehr hat`
        return `Das Produkt ${nameOf(step.target.plan)}${step.action === 'change' ? `: ${step.fields.map((field) => fields[field]).join(', ')}` : ''}`
      case 'price': {
        const { plan, interval } = step.action === 'retire' ? step : step.target
        const price = `${nameOf(plan)}, ${interval === 'year' ? 'jährlich' : 'monatlich'}`
        if (step.action === 'retire') return price
        return `${price}: ${now}${before && ` statt ${before}`}`
      }
      case 'pack':
        if (step.action === 'retire') return `Das Paket ${nameOf(step.pack)}`
        return `Das Paket ${step.target.name}: ${now}${before && ` statt ${before}`}`
      case 'portal': return 'Was das Abrechnungsportal anbietet'
      default: return step satisfies never
    }
  },
  fileTitle: 'Als Katalogdatei',
  copy: 'Kopieren',
  copied: 'Kopiert',
  notCopied: 'Kopieren ist nicht möglich. Markieren Sie den Text.',

  featuresOfAll: 'Funktionen des Katalogs',
  featuresHint: 'Ihre Schlüssel bleiben: Nutzung, Guthaben und Code richten sich danach. Wie eine Funktion für Menschen heißt, sagen die Bezeichnungen der App.',
  noFeatures: 'Noch keine.',
  addFeature: 'Funktion hinzufügen',
  featureKey: 'Schlüssel der neuen Funktion',
  featureKeyHint: 'So heißt sie im Code, etwa „apiCalls“. Er bleibt, wie er ist.',
  featureKeyTaken: 'Eine Funktion mit diesem Schlüssel gibt es schon.',
  featureKind: 'Art',
  kindOf: (kind) => ({ metered: 'je Zeitraum gezählt', seats: 'belegt, bis zurückgegeben', toggle: 'ein oder aus', setting: 'ein Wert' })[kind],
  removeFeature: (feature) => `Entfernen: Funktion ${feature}`,
  featureRemoved: (feature) => `${feature} wurde entfernt, auch aus allen Tarifen und Paketen. „Rückgängig“ holt die Funktion zurück.`,
  unit: 'Einheit',
  unitHint: 'Wie eine davon heißt, in der Einzahl: call, token.',
  anchor: 'Zeiträume beginnen mit',
  anchorOf: (anchor) => ({ customer: 'dem Kunden', calendar: 'dem Kalender, in UTC', subscription: 'dem Abrechnungszeitraum' })[anchor],
  onError: 'Wenn nicht entschieden werden kann',
  onErrorRule: (rule) => (rule === 'deny' ? 'ablehnen' : 'zulassen'),
  acceptLossy: 'Darf dort liegen, wo Zählungen verloren gehen können',
  lease: 'Instanzen nehmen Nutzung blockweise im Voraus',
  leaseMost: 'Größter Block',
  leaseIdle: 'Ein Block wird gehalten, in Millisekunden',
  gatesTitle: 'Anfragelimits',
  gatesOf: (feature) => `${feature}, höchstens`,
  gatesHint: 'Etwa 100/minute, 1000/hour. Eine dritte Zahl sagt, wie viele auf einmal: 1000/hour/50.',
  packsTitle: 'Pakete, einmal bezahlt',
  noPacks: 'Es wird keines angeboten.',
  addPack: 'Paket hinzufügen',
  packKey: 'Schlüssel des neuen Pakets',
  packKeyHint: 'So heißt es im Code, etwa „small“. Er bleibt, wie er ist.',
  packKeyTaken: 'Ein Paket mit diesem Schlüssel gibt es schon.',
  removePack: (pack) => `Entfernen: Paket ${pack}`,
  packRemoved: (pack) => `Das Paket ${pack} wurde entfernt. „Rückgängig“ holt es zurück.`,
  packPrice: (currency) => `Preis, ${currency}`,
  packGives: (feature) => `${feature}, enthaltene Menge`,
  packGivesHint: 'Leer: keine.',
  packExpires: 'Verfällt nach, in Tagen',
  packExpiresHint: 'Leer: Was übrig ist, bleibt.',
  packRefunds: 'Bei einer Rückzahlung',
  packRefundsRule: (rule) => (rule === 'void' ? 'verfällt, was es gab' : 'bleibt, was es gab'),
  rulesTitle: 'Regeln für alle Tarife',
  movesTitle: 'Tarifwechsel',
  moveOf: (kind) =>
    ({
      upgrade: 'In einen höheren Tarif', downgrade: 'In einen niedrigeren Tarif', longerInterval: 'Von monatlich zu jährlich',
      shorterInterval: 'Von jährlich zu monatlich', moreQuantity: 'Mehr Plätze', lessQuantity: 'Weniger Plätze',
    })[kind],
  moveRule: ({ when, proration }) => {
    if (when === 'period-end') return 'am Ende des Zeitraums'
    return { invoice: 'sofort, jetzt berechnet', 'next-invoice': 'sofort, mit der nächsten Rechnung', none: 'sofort, ohne anteilige Verrechnung' }[proration]
  },
  pairOf: (from, to) => `Von ${from} zu ${to}`,
  pairFrom: 'Vom Tarif',
  pairTo: 'Zum Tarif',
  addPair: 'Regel für zwei Tarife hinzufügen',
  pairTaken: 'Für diese beiden gibt es schon eine Regel, oder sie sind derselbe.',
  removePair: (from, to) => `Entfernen: Regel von ${from} zu ${to}`,
  lifecycleTitle: 'Zugang, solange etwas nicht stimmt',
  graceDays: 'Karenzzeit, in Tagen',
  graceHint: (usual) => `Nach einer unbezahlten Rechnung. Leer: ${usual}.`,
  accessOf: (status) =>
    ({
      incomplete: 'Erste Zahlung offen', incomplete_expired: 'Erste Zahlung nie geleistet', trialing: 'In der Testphase', active: 'Bezahlt',
      past_due: 'Zahlung überfällig', unpaid: 'Nach allen Versuchen unbezahlt', paused: 'Pausiert', canceled: 'Gekündigt', unknown: 'Unbekannt',
    })[status],
  accessRule: (rule) => ({ full: 'Zugang', grace: 'Zugang während der Karenzzeit', none: 'kein Zugang' })[rule],
}
