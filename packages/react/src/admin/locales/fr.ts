'use client'

/**
 * The words of `AdminCustomerPanel` and of `PlanEditor` in French. Those that all components share, such as statuses, come from
 * the provider.
 *
 * @example
 * ```tsx
 * import { BillingProvider } from '@farebox/react'
 * import { AdminCustomerPanel } from '@farebox/react/admin'
 * import { adminFrench } from '@farebox/react/admin/locales/fr'
 * import { french } from '@farebox/react/locales/fr'
 *
 * export function Assistance() {
 *   return (
 *     <BillingProvider locale="fr-FR" timeZone="Europe/Paris" messages={french} labels={{ apiCalls: 'Appels d’API' }}>
 *       <AdminCustomerPanel messages={adminFrench} />
 *     </BillingProvider>
 *   )
 * }
 * ```
 *
 * @module
 */
import { createPlural } from '../../locales/plural.ts'
import type { AdminMessages } from '../admin-messages.ts'

export { planEditorFrench } from './plan-editor-fr.ts'

const plural = /* @__PURE__ */ createPlural<'one' | 'many'>('fr')
const later = 'Impossible pour le moment. Veuillez réessayer plus tard.'
const futureDay = 'Choisissez un jour à venir.'

/** The words of `AdminCustomerPanel` in French. */
export const adminFrench: AdminMessages = {
  searchLabel: 'Rechercher un client',
  searchHint: 'L’identifiant complet, l’identifiant Stripe ou l’adresse e-mail.',
  searchAction: 'Rechercher',
  resultsTitle: 'Clients trouvés',
  found: (count, written) => `${written} ${plural(count, { one: 'client trouvé', many: 'de clients trouvés', other: 'clients trouvés' })}`,
  noCustomers: (search) => `Aucun client n’a l’identifiant ni l’adresse e-mail « ${search} ».`,
  backToResults: 'Retour aux résultats',
  refusals: {
    unauthenticated: 'Vous êtes déconnecté.',
    forbidden: 'Vous n’êtes pas administrateur.',
    'invalid-request': 'Les informations saisies ne sont pas valables.',
    'idempotency-conflict': 'Cette clé désigne déjà autre chose.',
    'not-found': 'Personne n’a cet identifiant, ou les routes d’administration sont fermées : indiquez à createFarebox qui est administrateur.',
    'rate-limited': 'Trop de tentatives. Veuillez réessayer dans une minute.',
    'payments-failed': 'Le service de paiement a refusé cette opération.',
    internal: 'Un problème est survenu.',
    overloaded: later,
    unavailable: later,
  },
  fieldFaults: {
    amount: 'Indiquez un nombre entier à partir de 1.',
    expiresAt: futureDay,
    until: futureDay,
    feature: 'Choisissez une fonctionnalité qui est comptée.',
    plan: 'Ce forfait n’existe pas.',
    key: 'Cette clé désigne autre chose, ou elle est trop longue.',
    reason: 'Indiquez 500 caractères au plus.',
  },
  unreachable: 'Le serveur est injoignable.',
  customerId: 'Client',
  email: 'E-mail',
  paymentCustomer: 'Client Stripe',
  planOf: (source) => ({ default: 'comme tout le monde', subscription: 'par abonnement', override: 'offert' })[source],
  subscription: 'Abonnement',
  period: 'Période de facturation',
  periodOf: (start, end) => `du ${start} au ${end}`,
  trialEnds: 'Fin de l’essai',
  balancesTitle: 'Soldes',
  noBalances: 'Le catalogue ne compte aucune fonctionnalité.',
  othersTitle: 'Autres fonctionnalités',
  included: 'inclus',
  notIncluded: 'non inclus',
  usedOf: (used, limit) => `${used} sur ${limit} utilisés`,
  unlimited: 'illimité',
  columnSource: 'Source, dans l’ordre d’utilisation',
  columnAmount: 'Quantité',
  columnUsed: 'Utilisé',
  columnReserved: 'En réserve',
  columnLeft: 'Restant',
  columnEnds: 'Fin',
  columnActions: 'Actions',
  sourceOf: (source) => ({ allowance: 'Quota du forfait', grant: 'Crédit accordé', pack: 'Pack', overage: 'Dépassement, facturé' })[source],
  never: 'sans expiration',
  overridesTitle: 'Forfaits offerts',
  noOverrides: 'Aucun forfait n’a été offert.',
  overrideUntil: (until) => (until === null ? 'jusqu’à ce qu’on y mette fin' : `jusqu’au ${until}`),
  overrideEnded: (at) => `terminé le ${at}`,
  auditTitle: 'Les 100 dernières interventions',
  noAudit: 'Rien n’a été modifié à la main.',
  audit: (action, { name, amount, until }) => {
    const end = until === null ? '' : ` jusqu’au ${until}`
    switch (action) {
      case 'grant': return `Crédit accordé : ${amount} ${name}${end}`
      case 'void-grant': return `Crédit annulé : ${amount} ${name}`
      case 'override': return `Forfait offert : ${name}${end}`
      case 'end-override': return `Fin du forfait offert : ${name}`
      default: return action satisfies never
    }
  },
  app: 'l’application',
  change: (change, name) => {
    switch (change) {
      case 'grant': return { title: `Accorder un crédit à ${name}`, text: '', action: 'Accorder', done: 'Le crédit a été accordé' }
      case 'override':
        return { title: `Offrir un forfait à ${name}`, text: 'Un forfait supérieur qui est payé reste prioritaire.', action: 'Offrir le forfait', done: 'Le forfait a été offert' }
      case 'void-grant':
        return {
          title: `Annuler « ${name} » ?`,
          text: 'Plus rien n’en sera déduit ; ce qui a été utilisé le reste. Sa clé n’accordera plus rien.',
          action: 'Annuler le crédit', done: 'Le crédit a été annulé',
        }
      case 'end-override':
        return { title: `Mettre fin à ${name} ?`, text: 'Le client retrouve dès maintenant son autre forfait.', action: 'Mettre fin au forfait', done: 'Le forfait a pris fin' }
      default: return change satisfies never
    }
  },
  grantAction: 'Accorder un crédit',
  overrideAction: 'Offrir un forfait',
  voidAction: 'Annuler',
  voidNamed: (grant) => `Annuler ${grant}`,
  endAction: 'Terminer',
  endNamed: (plan) => `Terminer ${plan}`,
  fieldFeature: 'Fonctionnalité',
  fieldPlan: 'Forfait',
  fieldAmount: 'Quantité',
  fieldEnds: 'Prend fin le',
  endsHint: 'Au début de ce jour, en UTC. Sans date, il n’y a pas de fin.',
  fieldReason: 'Motif',
  reasonHint: 'Pour l’historique. Les clients ne le voient jamais.',
  fieldKey: 'Clé',
  keyHint: 'Nomme la raison, par exemple un ticket. Une même clé ne compte qu’une fois.',
  keyEnded: 'Rien n’a été accordé : ce que cette clé désignait a pris fin. Choisissez-en une autre.',
  cancel: 'Ne rien faire',
}
