'use client'

/**
 * The words of `AdminCustomerPanel` and of `PlanEditor` in German. Those that all components share, such as statuses, come from
 * the provider.
 *
 * @example
 * ```tsx
 * import { BillingProvider } from '@farebox/react'
 * import { AdminCustomerPanel } from '@farebox/react/admin'
 * import { adminGerman } from '@farebox/react/admin/locales/de'
 * import { german } from '@farebox/react/locales/de'
 *
 * export function Kundenhilfe() {
 *   return (
 *     <BillingProvider locale="de-DE" timeZone="Europe/Berlin" messages={german} labels={{ apiCalls: 'API-Aufrufe' }}>
 *       <AdminCustomerPanel messages={adminGerman} />
 *     </BillingProvider>
 *   )
 * }
 * ```
 *
 * @module
 */
import { createPlural } from '../../locales/plural.ts'
import type { AdminMessages } from '../admin-messages.ts'

export { planEditorGerman } from './plan-editor-de.ts'

const plural = /* @__PURE__ */ createPlural<'one'>('de')
const later = 'Das ist gerade nicht möglich. Bitte versuchen Sie es später erneut.'
const futureDay = 'Wählen Sie einen Tag in der Zukunft.'

/** The words of `AdminCustomerPanel` in German. */
export const adminGerman: AdminMessages = {
  searchLabel: 'Kunden suchen',
  searchHint: 'Die vollständige Kunden-ID, Stripe-ID oder E-Mail-Adresse.',
  searchAction: 'Suchen',
  resultsTitle: 'Gefundene Kunden',
  found: (count, written) => `${written} ${plural(count, { one: 'Kunde', other: 'Kunden' })} gefunden`,
  noCustomers: (search) => `Niemand hat die ID oder die E-Mail-Adresse „${search}“.`,
  backToResults: 'Zurück zu den Ergebnissen',
  refusals: {
    unauthenticated: 'Sie sind abgemeldet.',
    forbidden: 'Sie haben keine Administratorrechte.',
    'invalid-request': 'Die Angaben sind nicht gültig.',
    'idempotency-conflict': 'Der Schlüssel steht bereits für etwas anderes.',
    'not-found': 'Diese ID hat niemand, oder die Admin-Routen sind geschlossen: Legen Sie in createFarebox fest, wer Administrator ist.',
    'rate-limited': 'Zu viele Versuche. Bitte versuchen Sie es in einer Minute erneut.',
    'payments-failed': 'Der Zahlungsdienst hat das abgelehnt.',
    internal: 'Etwas ist schiefgelaufen.',
    overloaded: later,
    unavailable: later,
  },
  fieldFaults: {
    amount: 'Geben Sie eine ganze Zahl ab 1 ein.',
    expiresAt: futureDay,
    until: futureDay,
    feature: 'Wählen Sie eine Funktion, die gezählt wird.',
    plan: 'Diesen Tarif gibt es nicht.',
    key: 'Der Schlüssel steht für etwas anderes, oder er ist zu lang.',
    reason: 'Geben Sie höchstens 500 Zeichen ein.',
  },
  unreachable: 'Der Server ist nicht erreichbar.',
  customerId: 'Kunde',
  email: 'E-Mail',
  paymentCustomer: 'Stripe-Kunde',
  planOf: (source) => ({ default: 'Standard für alle', subscription: 'abonniert', override: 'kostenlos vergeben' })[source],
  subscription: 'Abonnement',
  period: 'Abrechnungszeitraum',
  periodOf: (start, end) => `${start} bis ${end}`,
  trialEnds: 'Ende der Testphase',
  balancesTitle: 'Kontingente und Guthaben',
  noBalances: 'Der Katalog hat keine Funktion, die gezählt wird.',
  othersTitle: 'Weitere Funktionen',
  included: 'enthalten',
  notIncluded: 'nicht enthalten',
  usedOf: (used, limit) => `${used} von ${limit} genutzt`,
  unlimited: 'unbegrenzt',
  columnSource: 'Quelle, in der Reihenfolge des Verbrauchs',
  columnAmount: 'Menge',
  columnUsed: 'Genutzt',
  columnReserved: 'Reserviert',
  columnLeft: 'Verbleibend',
  columnEnds: 'Endet',
  columnActions: 'Aktionen',
  sourceOf: (source) =>
    ({ allowance: 'Kontingent des Tarifs', grant: 'Guthaben', pack: 'Paket', overage: 'Mehrverbrauch, wird berechnet' })[source],
  never: 'unbefristet',
  overridesTitle: 'Kostenlos vergebene Tarife',
  noOverrides: 'Es wurde keiner vergeben.',
  overrideUntil: (until) => (until === null ? 'bis er beendet wird' : `bis ${until}`),
  overrideEnded: (at) => `beendet am ${at}`,
  auditTitle: 'Die letzten 100 Änderungen von Hand',
  noAudit: 'Von Hand wurde nichts geändert.',
  audit: (action, { name, amount, until }) => {
    const end = until === null ? '' : ` bis ${until}`
    switch (action) {
      case 'grant': return `${amount} ${name} gewährt${end && `,${end}`}`
      case 'void-grant': return `Guthaben über ${amount} ${name} storniert`
      case 'override': return `${name} vergeben${end && `,${end}`}`
      case 'end-override': return `${name} beendet`
      default: return action satisfies never
    }
  },
  app: 'die App',
  change: (change, name) => {
    switch (change) {
      case 'grant': return { title: `${name} Guthaben gewähren`, text: '', action: 'Gewähren', done: 'Das Guthaben wurde gewährt' }
      case 'override':
        return {
          title: `${name} kostenlos einen Tarif geben`, text: 'Ein höherer Tarif, der bezahlt wird, hat Vorrang.',
          action: 'Tarif vergeben', done: 'Der Tarif wurde vergeben',
        }
      case 'void-grant':
        return {
          title: `„${name}“ stornieren?`,
          text: 'Davon wird nichts mehr verbraucht; was genutzt wurde, bleibt genutzt. Derselbe Schlüssel gewährt nicht noch einmal etwas.',
          action: 'Guthaben stornieren', done: 'Das Guthaben wurde storniert',
        }
      case 'end-override':
        return { title: `${name} beenden?`, text: 'Ab sofort gilt der andere Tarif dieses Kunden.', action: 'Tarif beenden', done: 'Der Tarif wurde beendet' }
      default: return change satisfies never
    }
  },
  grantAction: 'Guthaben gewähren',
  overrideAction: 'Tarif vergeben',
  voidAction: 'Stornieren',
  voidNamed: (grant) => `Stornieren: ${grant}`,
  endAction: 'Beenden',
  endNamed: (plan) => `Beenden: ${plan}`,
  fieldFeature: 'Funktion',
  fieldPlan: 'Tarif',
  fieldAmount: 'Menge',
  fieldEnds: 'Endet am',
  endsHint: 'Mit dem Beginn dieses Tages in UTC. Ohne Angabe unbefristet.',
  fieldReason: 'Grund',
  reasonHint: 'Für das Änderungsprotokoll. Kunden sehen ihn nicht.',
  fieldKey: 'Schlüssel',
  keyHint: 'Benennt den Anlass, etwa ein Ticket. Derselbe Schlüssel zählt nur einmal.',
  keyEnded: 'Es wurde nichts vergeben: Wofür dieser Schlüssel stand, ist beendet. Wählen Sie einen anderen.',
  cancel: 'Abbrechen',
}
