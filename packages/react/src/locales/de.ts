'use client'

/**
 * Every text in German.
 *
 * @example
 * ```tsx
 * import { BillingProvider, UsageDashboard } from '@farebox/react'
 * import { german } from '@farebox/react/locales/de'
 *
 * export function Nutzung() {
 *   return (
 *     <BillingProvider locale="de-DE" timeZone="Europe/Berlin" messages={german} labels={{ apiCalls: 'API-Aufrufe' }}>
 *       <UsageDashboard />
 *     </BillingProvider>
 *   )
 * }
 * ```
 *
 * @module
 */
import { paymentEnglish } from '../account/payment-messages.ts'
import type { Messages } from '../messages/messages.ts'
import { termsEnglish } from '../plans/terms-messages.ts'
import { amountAsGiven } from './amount-as-given.ts'
import { createPlural } from './plural.ts'

const plural = /* @__PURE__ */ createPlural<'one'>('de')
const intervals: Readonly<Record<string, string | undefined>> = { hour: 'Stunde', day: 'Tag', week: 'Woche', month: 'Monat', year: 'Jahr' }
const methods: Readonly<Record<string, string | undefined>> = { card: 'Karte', sepa_debit: 'SEPA-Lastschrift', us_bank_account: 'Bankkonto' }
const askManager = 'Fragen Sie die Person, die die Abrechnung verwaltet'
const couponRefused = 'Dieser Code kann hier nicht eingelöst werden.'
const later = 'Das ist gerade nicht möglich. Bitte versuchen Sie es später erneut.'
const notIncluded = 'Nicht enthalten'

/** Every text in German, with amounts written in your own way: what units are called is for the app to say. */
export function createGerman(amount: Messages['amount'] = amountAsGiven): Messages {
  const messages: Messages = {
    loading: 'Wird geladen …',
    failed: 'Konnte nicht geladen werden.',
    offline: 'Sie sind offline.',
    retry: 'Erneut versuchen',
    reload: 'Seite neu laden',
    problems: {
      unauthenticated: 'Bitte melden Sie sich zuerst an.',
      forbidden: 'Sie dürfen die Abrechnung nicht verwalten.',
      'rate-limited': 'Zu viele Versuche. Bitte versuchen Sie es in einer Minute erneut.',
      'payments-failed': 'Der Zahlungsdienst hat das abgelehnt.',
      'already-subscribed': 'Das Abonnement lässt sich so gerade nicht ändern.',
      'invalid-request': 'Die Angaben sind nicht gültig.',
      'not-found': 'Hier ist nichts vorhanden.',
      'payment-past-due': 'Eine Zahlung ist überfällig.',
      'plan-required': 'Das ist in Ihrem Tarif nicht enthalten.',
      'quota-exceeded': 'Das Limit ist erreicht.',
      internal: 'Etwas ist schiefgelaufen.',
      plan: 'Diesen Tarif gibt es hier nicht.',
      interval: 'Mit diesem Abrechnungszeitraum gibt es den Tarif nicht.',
      currency: 'In dieser Währung gibt es das nicht.',
      quantity: 'Diese Anzahl ist hier nicht möglich.',
      unavailable: later,
      overloaded: later,
      promotionCode: couponRefused,
    },
    stale: 'nicht aktuell',
    comma: ', ',
    empty: 'Noch nichts vorhanden.',
    status: (status) =>
      ({
        none: 'kein Abonnement', incomplete: 'unvollständig', incomplete_expired: 'abgelaufen', trialing: 'Testphase', active: 'aktiv',
        past_due: 'Zahlung überfällig', unpaid: 'unbezahlt', paused: 'pausiert', canceled: 'gekündigt', unknown: 'unbekannt',
      })[status],
    amount,

    notIncluded: 'nicht in Ihrem Tarif enthalten',
    usage: (usage, format) => {
      const { total, limit, reserved, unit, tone } = usage
      const { number } = format
      const held = reserved ? ` (${number(reserved)} reserviert)` : ''
      const text = limit === null ? amount(number(total), total, unit) : `${number(total)} von ${amount(number(limit), limit, unit)}`
      return text + held + (tone === 'ok' ? '' : `, ${messages.left(usage, format)}`)
    },
    left: ({ limit, remaining, tone }, { number }) => {
      if (limit === null) return 'kein Limit'
      return tone === 'over' ? 'Limit überschritten' : remaining ? `noch ${number(remaining)}` : 'Limit erreicht'
    },
    resets: (date) => `Wird am ${date} zurückgesetzt`,
    usageTitle: 'Nutzung',
    noUsage: 'In Ihrem Tarif wird nichts gezählt.',
    columnFeature: 'Funktion',
    columnUsed: 'Genutzt',
    columnLeft: 'Verbleibend',
    ofLimit: (limit) => `von ${limit}`,
    columnPeriod: 'Zeitraum ab',
    columnOverage: 'Mehrverbrauch',
    historyTitle: (label) => `${label} im Zeitverlauf`,
    noHistory: 'Noch nichts genutzt.',
    download: 'CSV herunterladen',
    creditsTitle: 'Guthaben',
    ledgerTitle: 'Guthaben in der Reihenfolge des Verbrauchs',
    noCredits: 'Kein Guthaben.',
    creditsExpire: (written, remaining, date) => `${written} ${plural(remaining, { one: 'verfällt', other: 'verfallen' })} am ${date}`,
    neverExpires: 'Unbefristet',
    leftOf: (remaining, total) => `${remaining} von ${total}`,
    columnCredits: 'Guthaben für',
    columnRemaining: 'Verbleibend',
    columnExpires: 'Gültig bis',

    noSubscription: 'kein Abonnement',
    period: ({ start, end, next }) => `${start} – ${end}, ${next === 'renews' ? 'verlängert sich danach' : 'endet danach'}`,
    choosePlan: (planName) => `${planName} wählen`,
    manageBilling: 'Abrechnung verwalten',
    askManager,
    actionFailed: 'Das hat nicht geklappt. Bitte versuchen Sie es erneut.',
    dismiss: 'Nicht jetzt',
    upgrade: ({ reason, action, planName, limit, unit }, feature, { number }) =>
      reason === 'payment-past-due'
        ? { title: 'Zahlung überfällig', text: '', action: 'Zahlung aktualisieren' }
        : {
            title: `${feature}: ${reason === 'plan-required' ? messages.notIncluded : 'Limit erreicht'}`,
            text: action === 'ask' ? `${askManager}.` : `${planName} enthält ${limit === null ? 'es' : amount(number(limit), limit, unit ?? '')}.`,
            action: `Auf ${planName} upgraden`,
          },
    terms: (terms, format) => {
      const { number, money } = format
      switch (terms?.kind) {
        case 'toggle': return terms.on ? 'Enthalten' : notIncluded
        case 'setting': return termsEnglish.terms(terms, format)
        case 'seats':
          if (terms.limit === null) return terms.paid ? 'So viele, wie Sie kaufen' : 'Unbegrenzt'
          return terms.limit ? `Bis zu ${number(terms.limit)}` : notIncluded
        case 'metered': {
          const { limit, unit, interval, overage } = terms
          if (limit === null) return 'Unbegrenzt'
          const each = overage && money({ ...overage, amount: Number(overage.amount) }, { maximumFractionDigits: 12 })
          if (!limit) return each ? `${each} je ${unit}` : notIncluded
          return `${amount(number(limit), limit, unit)} pro ${intervals[interval] ?? interval}${each ? `, danach je ${each}` : ''}`
        }
        case undefined: return notIncluded
        default: return terms satisfies never
      }
    },
    pricingTitle: 'Tarife',
    noPlans: 'Es werden keine Tarife angeboten.',
    intervalLabel: 'Abrechnungszeitraum',
    intervalName: (interval) => (interval === 'year' ? 'Jährlich' : 'Monatlich'),
    saving: (percent) => `bis zu ${percent} sparen`,
    currencyLabel: 'Währung',
    planLabel: 'Tarif',
    price: ({ plan, price, monthly, interval, quantity, trialDays }, { money, number }) => {
      if (!price || !monthly) return { amount: plan.contactSales ? 'Individuell' : 'Kostenlos', per: '', note: '' }
      const [whole, each] = [price, monthly].map((one) => money(one, { trailingZeroDisplay: 'stripIfInteger' }))
      const note = [
        trialDays && `${number(trialDays)} ${plural(trialDays, { one: 'Tag', other: 'Tage' })} kostenlos`,
        interval && plan.prices[interval]?.perSeat && `für ${number(quantity)} ${plural(quantity, { one: 'Platz', other: 'Plätze' })}`,
        interval === 'year' && `${whole} bei jährlicher Abrechnung`,
      ]
      return { amount: each ?? '', per: 'pro Monat', note: note.filter(Boolean).join(', ') }
    },
    recommended: 'Empfohlen',
    planAction: ({ plan, action, standing, trialDays, interval }) => {
      if (action === 'resume') return `${plan.name} behalten`
      if (standing === 'current') return 'Aktueller Tarif'
      if (standing === 'scheduled') return 'Geplant'
      if (action === 'contact') return 'Kontakt aufnehmen'
      if (action === 'ask') return askManager
      if (action === 'checkout' || standing === 'available') return trialDays ? 'Kostenlos testen' : messages.choosePlan(plan.name)
      if (standing === 'interval') return `Auf ${interval === 'year' ? 'jährlich' : 'monatlich'} umstellen`
      if (action === 'none') return plan.name
      return standing === 'upgrade' ? `Auf ${plan.name} upgraden` : `Zu ${plan.name} wechseln`
    },
    columnFeatures: 'Leistungen',
    beforeTax: 'Vor Steuern und Rabatten.',
    seatsLabel: 'Plätze',
    fewerSeats: 'Weniger Plätze',
    moreSeats: 'Mehr Plätze',
    changeTitle: (planName) => `Zu ${planName} wechseln`,
    changeWhen: (preview, { date }) => {
      switch (preview.kind) {
        case 'unchanged': return 'Das haben Sie bereits.'
        case 'end': return `Ihr Abonnement endet am ${date(preview.at)}. Es wird nichts berechnet.`
        case 'change': return preview.when === 'now' ? 'Gilt sofort.' : `Gilt ab ${date(preview.at)}. Vorher ist nichts fällig.`
        default: return preview satisfies never
      }
    },
    discount: 'Rabatt',
    tax: 'Steuern',
    dueNow: 'Jetzt fällig',
    credited: 'Wird Ihnen gutgeschrieben',
    nextInvoice: 'Nächste Rechnung',
    confirmChange: (due) => (due ? `Bestätigen und ${due} zahlen` : 'Bestätigen'),
    back: 'Zurück',
    changeDone: (change, planName, { date }) => {
      switch (change.kind) {
        case 'changed': return `Sie nutzen jetzt ${planName}.`
        case 'scheduled': return `Sie wechseln am ${date(change.at)} zu ${planName}.`
        case 'action-required': return 'Noch hat sich nichts geändert: Zuerst muss eine Zahlung geleistet oder bestätigt werden.'
        case 'unchanged': return 'Es gab nichts zu ändern.'
        default: return change satisfies never
      }
    },
    previewRenewed: 'Die Beträge wurden neu berechnet. Bitte prüfen Sie sie und bestätigen Sie dann.',
    payOrConfirm: 'Zahlen oder bestätigen',
    resumed: 'Ihr Abonnement läuft weiter.',
    notSubscribed: 'Es gibt kein Abonnement, das gekündigt werden könnte.',
    cancelPlan: 'Abonnement kündigen',
    cancelTitle: (planName) => `${planName} kündigen?`,
    cancelThen: (planName, nextName, date) => `${planName} bleibt Ihnen bis zum ${date}. Danach haben Sie ${nextName}.`,
    lossesTitle: 'Das wird weniger',
    lossBecomes: 'wird zu',
    lossOver: (written) => `Sie nutzen derzeit ${written}. Was darüber hinausgeht, wird abgelehnt.`,
    confirmCancel: 'Zum Ende des Zeitraums kündigen',
    keepPlan: (planName) => `${planName} behalten`,
    endsOn: (planName, date) => `${planName} endet am ${date}.`,
    couponLabel: 'Aktionscode',
    applyCoupon: 'Einlösen',
    removeCoupon: (code) => `${code} entfernen`,
    couponRefused,

    noticeTone: (tone) => ({ critical: 'Dringend', warn: 'Bitte beachten', info: 'Hinweis' })[tone],
    trialLeft: (days, { number }) =>
      days > 1 ? `Noch ${number(days)} ${plural(days, { one: 'Tag', other: 'Tage' })} Testphase` : 'Letzter Tag Ihrer Testphase',
    notice: ({ notice, due, graceEndsAt, planName, action: what }, { date, money }) => {
      const { kind, at } = notice
      const on = at ? ` am ${date(at)}` : ''
      const payment = due ? `Ihre Zahlung über ${money(due)}` : 'Ihre Zahlung'
      const until = graceEndsAt ? ` Der Zugang endet am ${date(graceEndsAt)}.` : ''
      const pay = what === 'pay' ? 'Jetzt zahlen' : 'Zahlung aktualisieren'
      switch (kind) {
        case 'access-ended': return { title: 'Zugang beendet', text: `${payment} ist nicht eingegangen.`, action: pay }
        case 'payments-mismatch': return { title: 'Mit Ihrem Abonnement stimmt etwas nicht', text: 'Bitte nehmen Sie Kontakt auf.', action: '' }
        case 'trial-ended-without-card':
          return { title: 'Ihre Testphase ist beendet', text: 'Es wurde keine Zahlungsmethode angegeben.', action: 'Zahlungsmethode hinzufügen' }
        case 'payment-action-required':
          return { title: 'Bestätigen Sie Ihre Zahlung', text: `${payment} wartet auf Ihre Bestätigung.${until}`, action: 'Zahlung bestätigen' }
        case 'payment-past-due':
        case 'payment-failed': return { title: 'Zahlung überfällig', text: `${payment} ist nicht eingegangen.${until}`, action: pay }
        case 'paused': return { title: 'Abonnement pausiert', text: `${on && `Es wird${on} fortgesetzt. `}Wer jetzt fortsetzt, zahlt es unter Umständen sofort.`, action: 'Jetzt fortsetzen' }
        case 'cancellation-scheduled': return { title: `Ihr Abonnement endet${on}`, text: '', action: 'Abonnement behalten' }
        case 'change-scheduled': return { title: `${planName ?? 'Eine Änderung'} beginnt${on}`, text: '', action: 'Aktuellen Tarif behalten' }
        case 'trial-ending': return { title: `Ihre Testphase endet${on}`, text: '', action: 'Abrechnung verwalten' }
        case 'card-expiring': return { title: `Ihre Karte mit den Endziffern ${notice.last4} läuft${on} ab`, text: '', action: 'Karte aktualisieren' }
        default: return kind satisfies never
      }
    },

    dashboardTitle: 'Abrechnung',
    restForManagers: 'Rechnungen, Zahlung und Tarifwechsel sind für Personen, die die Abrechnung verwalten.',
    sectionTitle: (section) =>
      ({
        notices: 'Hinweise', plan: 'Tarif', period: 'Abrechnungszeitraum', usage: 'Nutzung', credits: 'Guthaben', seats: 'Plätze',
        upcoming: 'Nächste Rechnung', paymentMethods: 'Zahlungsmethode', invoices: 'Rechnungen', planChange: 'Tarif wechseln',
      })[section],
    seatsTitle: 'Plätze',
    noSeats: 'Dieser Tarif hat keine Plätze.',
    seatsHeld: (used, limit, isOver) => `${used}${limit === null ? '' : ` von ${limit}`} belegt${isOver ? ', Limit überschritten' : ''}`,
    forManagers: 'Das sehen nur Personen, die die Abrechnung verwalten.',
    notConnected: 'Die Abrechnung ist nicht eingerichtet.',
    invoicesTitle: 'Rechnungen',
    noInvoices: 'Noch keine Rechnungen.',
    columnInvoice: 'Rechnung',
    columnStatus: 'Status',
    columnTotal: 'Gesamt',
    columnDocuments: 'Dokumente',
    invoiceStatus: (status) => ({ draft: 'Entwurf', open: 'Offen', paid: 'Bezahlt', void: 'Storniert', uncollectible: 'Unbezahlt' })[status],
    invoiceName: (number) => `Rechnung ${number}`,
    stillDue: (due) => `${due} offen`,
    pay: 'Zahlen',
    payInvoice: (number) => `Zahlen: Rechnung ${number}`,
    pdf: 'PDF',
    pdfOfInvoice: (number) => `PDF der Rechnung ${number}`,
    moreInvoices: 'Mehr anzeigen',
    invoicesLoaded: (count, written) => `${written} weitere ${plural(count, { one: 'Rechnung', other: 'Rechnungen' })}`,
    paymentMethodsTitle: 'Zahlungsmethode',
    noPaymentMethods: 'Noch keine Zahlungsmethode.',
    paymentMethod: (method) => {
      const name = methods[method.brand ?? method.kind] ?? paymentEnglish.paymentMethod({ ...method, last4: null })
      return method.last4 ? `${name} mit Endziffern ${method.last4}` : name
    },
    defaultMethod: 'Standard',
    methodExpires: (month, isExpired) => `${isExpired ? 'Abgelaufen' : 'Gültig bis'} ${month}`,
    updatePaymentMethods: 'Zahlungsmethode aktualisieren',
    addPaymentMethod: 'Zahlungsmethode hinzufügen',
    upcomingTitle: 'Nächste Rechnung',
    noUpcoming: 'Es steht keine Rechnung an.',
    billedOn: (date) => `Am ${date}`,
    otherLine: 'Sonstiges',
    total: 'Gesamt',
  }
  return messages
}

/** Every text in German; units as the catalog calls them. */
export const german: Messages = /* @__PURE__ */ createGerman()
