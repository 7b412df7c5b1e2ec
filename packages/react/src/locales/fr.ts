'use client'

/**
 * Every text in French.
 *
 * @example
 * ```tsx
 * import { BillingProvider, UsageDashboard } from '@farebox/react'
 * import { french } from '@farebox/react/locales/fr'
 *
 * export function Utilisation() {
 *   return (
 *     <BillingProvider locale="fr-FR" timeZone="Europe/Paris" messages={french} labels={{ apiCalls: 'Appels d’API' }}>
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

const plural = /* @__PURE__ */ createPlural<'one' | 'many'>('fr')
const intervals: Readonly<Record<string, string | undefined>> = { hour: 'heure', day: 'jour', week: 'semaine', month: 'mois', year: 'an' }
const methods: Readonly<Record<string, string | undefined>> = { card: 'Carte', sepa_debit: 'Prélèvement SEPA', us_bank_account: 'Compte bancaire' }
const askManager = 'Adressez-vous à la personne qui gère la facturation'
const couponRefused = 'Ce code n’est pas utilisable ici.'
const later = 'Impossible pour le moment. Veuillez réessayer plus tard.'
const notIncluded = 'Non inclus'

/** Every text in French, with amounts written in your own way: what units are called is for the app to say. */
export function createFrench(amount: Messages['amount'] = amountAsGiven): Messages {
  const messages: Messages = {
    loading: 'Chargement…',
    failed: 'Échec du chargement.',
    offline: 'Vous êtes hors ligne.',
    retry: 'Réessayer',
    reload: 'Recharger la page',
    problems: {
      unauthenticated: 'Veuillez d’abord vous connecter.',
      forbidden: 'Vous n’êtes pas autorisé à gérer la facturation.',
      'rate-limited': 'Trop de tentatives. Veuillez réessayer dans une minute.',
      'payments-failed': 'Le service de paiement a refusé cette opération.',
      'already-subscribed': 'L’abonnement ne peut pas être modifié ainsi pour le moment.',
      'invalid-request': 'Les informations saisies ne sont pas valables.',
      'not-found': 'Il n’y a rien ici.',
      'payment-past-due': 'Un paiement est en retard.',
      'plan-required': 'Ce n’est pas inclus dans votre forfait.',
      'quota-exceeded': 'La limite est atteinte.',
      internal: 'Un problème est survenu.',
      plan: 'Ce forfait n’est pas proposé.',
      interval: 'Ce forfait n’est pas proposé pour cette période de facturation.',
      currency: 'Ce n’est pas proposé dans cette devise.',
      quantity: 'Cette quantité n’est pas possible ici.',
      unavailable: later,
      overloaded: later,
      promotionCode: couponRefused,
    },
    stale: 'non à jour',
    comma: ', ',
    empty: 'Rien pour l’instant.',
    status: (status) =>
      ({
        none: 'sans abonnement', incomplete: 'incomplet', incomplete_expired: 'expiré', trialing: 'période d’essai', active: 'actif',
        past_due: 'paiement en retard', unpaid: 'impayé', paused: 'en pause', canceled: 'résilié', unknown: 'inconnu',
      })[status],
    amount,

    notIncluded: 'non inclus dans votre forfait',
    usage: (usage, format) => {
      const { total, limit, reserved, unit, tone } = usage
      const { number } = format
      const held = reserved ? ` (dont ${number(reserved)} en réserve)` : ''
      const text = limit === null ? amount(number(total), total, unit) : `${number(total)} sur ${amount(number(limit), limit, unit)}`
      return text + held + (tone === 'ok' ? '' : `, ${messages.left(usage, format)}`)
    },
    left: ({ limit, remaining, tone }, { number }) => {
      if (limit === null) return 'sans limite'
      if (tone === 'over') return 'limite dépassée'
      if (!remaining) return 'limite atteinte'
      return plural(remaining, { one: `${number(remaining)} restant`, many: `${number(remaining)} restants`, other: `${number(remaining)} restants` })
    },
    resets: (date) => `Réinitialisation le ${date}`,
    usageTitle: 'Utilisation',
    noUsage: 'Votre forfait ne comporte aucun compteur.',
    columnFeature: 'Fonctionnalité',
    columnUsed: 'Utilisé',
    columnLeft: 'Restant',
    ofLimit: (limit) => `sur ${limit}`,
    columnPeriod: 'Période à partir du',
    columnOverage: 'Dépassement',
    historyTitle: (label) => `${label} au fil du temps`,
    noHistory: 'Aucune utilisation pour l’instant.',
    download: 'Télécharger le fichier CSV',
    creditsTitle: 'Crédits',
    ledgerTitle: 'Crédits, dans leur ordre d’utilisation',
    noCredits: 'Aucun crédit.',
    creditsExpire: (written, remaining, date) => `${written} ${plural(remaining, { one: 'expire', many: 'expirent', other: 'expirent' })} le ${date}`,
    neverExpires: 'Sans expiration',
    leftOf: (remaining, total) => `${remaining} sur ${total}`,
    columnCredits: 'Crédits pour',
    columnRemaining: 'Restant',
    columnExpires: 'Expire le',

    noSubscription: 'sans abonnement',
    period: ({ start, end, next }) => `${start} – ${end}, ${next === 'renews' ? 'puis renouvellement' : 'puis fin de l’abonnement'}`,
    choosePlan: (planName) => `Choisir ${planName}`,
    manageBilling: 'Gérer la facturation',
    askManager,
    actionFailed: 'L’opération a échoué. Veuillez réessayer.',
    dismiss: 'Plus tard',
    upgrade: ({ reason, action, planName, limit, unit }, feature, { number }) =>
      reason === 'payment-past-due'
        ? { title: 'Paiement en retard', text: '', action: 'Mettre à jour le paiement' }
        : {
            title: `${feature} : ${reason === 'plan-required' ? messages.notIncluded : 'limite atteinte'}`,
            text: action === 'ask' ? `${askManager}.` : limit === null ? `Inclus dans ${planName}.` : `${planName} inclut ${amount(number(limit), limit, unit ?? '')}.`,
            action: `Passer à ${planName}`,
          },
    terms: (terms, format) => {
      const { number, money } = format
      switch (terms?.kind) {
        case 'toggle': return terms.on ? 'Inclus' : notIncluded
        case 'setting': return termsEnglish.terms(terms, format)
        case 'seats':
          if (terms.limit === null) return terms.paid ? 'Autant que vous en achetez' : 'Illimité'
          return terms.limit ? `Jusqu’à ${number(terms.limit)}` : notIncluded
        case 'metered': {
          const { limit, unit, interval, overage } = terms
          if (limit === null) return 'Illimité'
          const each = overage && money({ ...overage, amount: Number(overage.amount) }, { maximumFractionDigits: 12 })
          if (!limit) return each ? `${each} par ${unit}` : notIncluded
          return `${amount(number(limit), limit, unit)} par ${intervals[interval] ?? interval}${each ? `, puis ${each} l’unité` : ''}`
        }
        case undefined: return notIncluded
        default: return terms satisfies never
      }
    },
    pricingTitle: 'Forfaits',
    noPlans: 'Aucun forfait proposé.',
    intervalLabel: 'Période de facturation',
    intervalName: (interval) => (interval === 'year' ? 'Annuelle' : 'Mensuelle'),
    saving: (percent) => `jusqu’à ${percent} d’économie`,
    currencyLabel: 'Devise',
    planLabel: 'Forfait',
    price: ({ plan, price, monthly, interval, quantity, trialDays }, { money, number }) => {
      if (!price || !monthly) return { amount: plan.contactSales ? 'Sur mesure' : 'Gratuit', per: '', note: '' }
      const [whole, each] = [price, monthly].map((one) => money(one, { trailingZeroDisplay: 'stripIfInteger' }))
      const days = plural(trialDays, { one: 'jour gratuit', many: 'de jours gratuits', other: 'jours gratuits' })
      const seats = plural(quantity, { one: 'siège', many: 'de sièges', other: 'sièges' })
      const note = [
        trialDays && `${number(trialDays)} ${days}`,
        interval && plan.prices[interval]?.perSeat && `pour ${number(quantity)} ${seats}`,
        interval === 'year' && `${whole} facturés par an`,
      ]
      return { amount: each ?? '', per: 'par mois', note: note.filter(Boolean).join(', ') }
    },
    recommended: 'Recommandé',
    planAction: ({ plan, action, standing, trialDays, interval }) => {
      if (action === 'resume') return `Conserver ${plan.name}`
      if (standing === 'current') return 'Forfait actuel'
      if (standing === 'scheduled') return 'Programmé'
      if (action === 'contact') return 'Nous contacter'
      if (action === 'ask') return askManager
      if (action === 'checkout' || standing === 'available') return trialDays ? 'Commencer l’essai gratuit' : messages.choosePlan(plan.name)
      if (standing === 'interval') return `Passer à la facturation ${interval === 'year' ? 'annuelle' : 'mensuelle'}`
      if (action === 'none') return plan.name
      return standing === 'upgrade' ? `Passer à ${plan.name}` : `Revenir à ${plan.name}`
    },
    columnFeatures: 'Ce qui est inclus',
    beforeTax: 'Hors taxes et remises.',
    seatsLabel: 'Sièges',
    fewerSeats: 'Moins de sièges',
    moreSeats: 'Plus de sièges',
    changeTitle: (planName) => `Passer à ${planName}`,
    changeWhen: (preview, { date }) => {
      switch (preview.kind) {
        case 'unchanged': return 'C’est déjà votre forfait.'
        case 'end': return `Votre abonnement prend fin le ${date(preview.at)}. Rien ne vous sera facturé.`
        case 'change': return preview.when === 'now' ? 'Prend effet immédiatement.' : `Prend effet le ${date(preview.at)}. Rien n’est dû d’ici là.`
        default: return preview satisfies never
      }
    },
    discount: 'Remise',
    tax: 'Taxes',
    dueNow: 'À régler maintenant',
    credited: 'Porté à votre crédit',
    nextInvoice: 'Prochaine facture',
    confirmChange: (due) => (due ? `Confirmer et payer ${due}` : 'Confirmer'),
    back: 'Retour',
    changeDone: (change, planName, { date }) => {
      switch (change.kind) {
        case 'changed': return `Vous bénéficiez maintenant de ${planName}.`
        case 'scheduled': return `Vous passerez à ${planName} le ${date(change.at)}.`
        case 'action-required': return 'Rien n’a encore changé : un paiement doit d’abord être effectué ou confirmé.'
        case 'unchanged': return 'Il n’y avait rien à modifier.'
        default: return change satisfies never
      }
    },
    previewRenewed: 'Les montants ont été recalculés. Vérifiez-les, puis confirmez.',
    payOrConfirm: 'Payer ou confirmer',
    resumed: 'Votre abonnement continue.',
    notSubscribed: 'Vous n’avez aucun abonnement à résilier.',
    cancelPlan: 'Résilier l’abonnement',
    cancelTitle: (planName) => `Résilier ${planName} ?`,
    cancelThen: (planName, nextName, date) => `Vous conservez ${planName} jusqu’au ${date}. Vous passerez ensuite à ${nextName}.`,
    lossesTitle: 'Ce qui diminue',
    lossBecomes: 'devient',
    lossOver: (written) => `Vous utilisez actuellement ${written} : tout dépassement sera refusé.`,
    confirmCancel: 'Résilier à la fin de la période',
    keepPlan: (planName) => `Conserver ${planName}`,
    endsOn: (planName, date) => `${planName} prend fin le ${date}.`,
    couponLabel: 'Code promotionnel',
    applyCoupon: 'Appliquer',
    removeCoupon: (code) => `Retirer ${code}`,
    couponRefused,

    noticeTone: (tone) => ({ critical: 'Urgence', warn: 'Attention', info: 'Information' })[tone],
    trialLeft: (days, { number }) =>
      days > 1
        ? plural(days, { one: `${number(days)} jour d’essai restant`, many: `${number(days)} de jours d’essai restants`, other: `${number(days)} jours d’essai restants` })
        : 'Dernier jour de votre essai',
    notice: ({ notice, due, graceEndsAt, planName, action: what }, { date, money }) => {
      const { kind, at } = notice
      const on = at ? ` le ${date(at)}` : ''
      const payment = due ? `Votre paiement de ${money(due)}` : 'Votre paiement'
      const until = graceEndsAt ? ` L’accès prend fin le ${date(graceEndsAt)}.` : ''
      const pay = what === 'pay' ? 'Payer maintenant' : 'Mettre à jour le paiement'
      switch (kind) {
        case 'access-ended': return { title: 'Accès interrompu', text: `${payment} n’a pas été reçu.`, action: pay }
        case 'payments-mismatch': return { title: 'Votre abonnement présente une anomalie', text: 'Veuillez nous contacter.', action: '' }
        case 'trial-ended-without-card':
          return { title: 'Votre essai est terminé', text: 'Aucun moyen de paiement n’a été fourni.', action: 'Ajouter un moyen de paiement' }
        case 'payment-action-required':
          return { title: 'Confirmez votre paiement', text: `${payment} attend votre confirmation.${until}`, action: 'Confirmer le paiement' }
        case 'payment-past-due':
        case 'payment-failed': return { title: 'Paiement en retard', text: `${payment} n’a pas été reçu.${until}`, action: pay }
        case 'paused': return { title: 'Abonnement en pause', text: `${on && `Il reprend${on}. `}Une reprise immédiate peut être facturée aussitôt.`, action: 'Reprendre maintenant' }
        case 'cancellation-scheduled': return { title: `Votre abonnement prend fin${on}`, text: '', action: 'Conserver l’abonnement' }
        case 'change-scheduled': return { title: `${planName ?? 'Un changement'} prend effet${on}`, text: '', action: 'Conserver le forfait actuel' }
        case 'trial-ending': return { title: `Votre essai prend fin${on}`, text: '', action: 'Gérer la facturation' }
        case 'card-expiring': return { title: `Votre carte se terminant par ${notice.last4} expire${on}`, text: '', action: 'Mettre à jour la carte' }
        default: return kind satisfies never
      }
    },

    dashboardTitle: 'Facturation',
    restForManagers: 'Les factures, les paiements et les changements de forfait sont réservés aux personnes qui gèrent la facturation.',
    sectionTitle: (section) =>
      ({
        notices: 'Informations', plan: 'Forfait', period: 'Période de facturation', usage: 'Utilisation', credits: 'Crédits', seats: 'Sièges',
        upcoming: 'Prochaine facture', paymentMethods: 'Moyen de paiement', invoices: 'Factures', planChange: 'Changer de forfait',
      })[section],
    seatsTitle: 'Sièges',
    noSeats: 'Aucun siège dans ce forfait.',
    seatsHeld: (used, limit, isOver) => `${limit === null ? used : `${used} sur ${limit}`} en cours d’utilisation${isOver ? ', limite dépassée' : ''}`,
    forManagers: 'Seules les personnes qui gèrent la facturation peuvent voir ceci.',
    notConnected: 'La facturation n’est pas configurée.',
    invoicesTitle: 'Factures',
    noInvoices: 'Aucune facture pour l’instant.',
    columnInvoice: 'Facture',
    columnStatus: 'Statut',
    columnTotal: 'Total',
    columnDocuments: 'Documents',
    invoiceStatus: (status) => ({ draft: 'Brouillon', open: 'À payer', paid: 'Payée', void: 'Annulée', uncollectible: 'Impayée' })[status],
    invoiceName: (number) => `Facture ${number}`,
    stillDue: (due) => `Reste à payer : ${due}`,
    pay: 'Payer',
    payInvoice: (number) => `Payer la facture ${number}`,
    pdf: 'PDF',
    pdfOfInvoice: (number) => `PDF de la facture ${number}`,
    moreInvoices: 'Afficher plus',
    invoicesLoaded: (count, written) =>
      plural(count, { one: `${written} facture de plus`, many: `${written} de factures de plus`, other: `${written} factures de plus` }),
    paymentMethodsTitle: 'Moyen de paiement',
    noPaymentMethods: 'Aucun moyen de paiement pour l’instant.',
    paymentMethod: (method) => {
      const name = methods[method.brand ?? method.kind] ?? paymentEnglish.paymentMethod({ ...method, last4: null })
      return method.last4 ? `${name} se terminant par ${method.last4}` : name
    },
    defaultMethod: 'Par défaut',
    methodExpires: (month, isExpired) => `${isExpired ? 'A expiré en' : 'Expire en'} ${month}`,
    updatePaymentMethods: 'Mettre à jour le moyen de paiement',
    addPaymentMethod: 'Ajouter un moyen de paiement',
    upcomingTitle: 'Prochaine facture',
    noUpcoming: 'Aucune facture à venir.',
    billedOn: (date) => `Le ${date}`,
    otherLine: 'Autre',
    total: 'Total',
  }
  return messages
}

/** Every text in French; units as the catalog calls them. */
export const french: Messages = /* @__PURE__ */ createFrench()
