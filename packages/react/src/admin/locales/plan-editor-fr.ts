import { createPlural } from '../../locales/plural.ts'
import type { CatalogMessages } from '../catalog-messages.ts'
import type { PlanEditorMessages } from '../plan-editor-messages.ts'
import { type FaultTexts, faultText } from './fault-text.ts'

const plural = /* @__PURE__ */ createPlural<'one' | 'many'>('fr')
const intervals = { month: 'par mois', year: 'par an' } as const
const fields = { name: 'nom', description: 'description', active: 'activation', metadata: 'métadonnées' } as const

const faults: FaultTexts = {
  text: 'Saisissez un texte de 1 à $1 caractères.',
  whole: 'Saisissez un nombre entier de $1 à $2.',
  name: 'Commencez la clé par une minuscule, puis jusqu’à 63 lettres sans accent, chiffres et traits d’union.',
  reserved: 'Choisissez une autre clé : celle-ci est déjà prise par JavaScript.',
  unknown: 'Cela n’existe pas ici ; il y a : $1.',
  noDefault: 'Un forfait doit être celui par défaut, pour les clients qui n’en ont pas d’autre.',
  manyDefaults: 'Un seul forfait peut être celui par défaut ; ici : $1.',
  defaultFree: 'Le forfait par défaut n’a pas de prix : personne n’a choisi de le payer.',
  defaultSales: 'Tout le monde a le forfait par défaut.',
  trialPrice: 'Un essai doit être suivi d’un prix.',
  money: 'Saisissez un montant composé de chiffres et du séparateur décimal, par exemple 29,90.',
  steps: 'Saisissez un montant supérieur à zéro, en $1 par pas de $2 de la plus petite unité ; un forfait gratuit n’a pas de prix.',
  unitPrice: 'Saisissez le prix d’une unité avec un point décimal, par exemple 0.10.',
  aboveZero: 'Saisissez un prix supérieur à zéro.',
  tierCosts: 'Au moins un palier doit être payant.',
  currencyOnce: 'Indiquez chaque devise une seule fois.',
  currenciesDiffer: 'Un forfait a partout les mêmes devises, dans le même ordre ; ici : $1.',
  paidSeats: 'Les sièges ne sont payés que si tous les prix du forfait le sont par siège.',
  seats: 'Indiquez un nombre de sièges, « illimité » ou « autant que de sièges payés ».',
  unlimitedOverage: 'Il n’y a rien au-delà d’un quota illimité.',
  noFeature: 'Cette fonctionnalité n’est pas au catalogue.',
  gateForm: 'Écrivez une limite comme 100/minute ; les unités sont second, minute, hour et day.',
  gateLimit: 'Indiquez une limite de 1 à $1, et un troisième nombre qui ne la dépasse pas.',
  gateRate: 'Indiquez au plus une requête par microseconde.',
  gateTwice: 'La limite $1 figure deux fois.',
  gateMetered: 'Seules les fonctionnalités comptées peuvent avoir des limites de débit.',
  gateFeature: 'Le forfait n’inclut pas cette fonctionnalité : la limite serait sans effet.',
  packMetered: 'Seules les fonctionnalités comptées peuvent figurer dans un pack.',
  packEmpty: 'Indiquez au moins une quantité.',
  samePair: 'Indiquez deux forfaits différents.',
  prorated: 'À la fin d’une période, il n’y a pas de prorata.',
  closed: 'Un abonnement dans cet état ne donne jamais accès.',
}

/** The words of `PlanEditor` in French. */
export const planEditorFrench: PlanEditorMessages & CatalogMessages = {
  plansTitle: 'Forfaits, du plus petit au plus grand',
  undo: 'Annuler la modification',
  undone: 'Modification annulée',
  moveUp: (plan) => `Monter ${plan}`,
  moveDown: (plan) => `Descendre ${plan}`,
  remove: 'Supprimer',
  removePlan: (plan) => `Supprimer ${plan}`,
  planRemoved: (plan) => `${plan} a été supprimé. « Annuler la modification » le rétablit.`,
  planMoved: (plan, place, of) => `${plan} est le forfait ${place} sur ${of}`,
  addPlan: 'Ajouter un forfait',
  planKey: 'Clé du nouveau forfait',
  planKeyHint: 'Son nom dans le code, par exemple « team ». Elle ne change plus.',
  keyTaken: 'Un forfait a déjà cette clé.',
  fault: (fault) => faultText(fault, faults),
  faults: (count, written) => `${written} ${plural(count, { one: 'point à corriger', many: 'de points à corriger', other: 'points à corriger' })}`,
  isDefault: 'Par défaut : pour tous ceux qui n’en ont pas d’autre',
  isRecommended: 'Recommandé',
  contactSales: 'Pas en vente directe : on prend contact',
  noPrice: 'sans prix',
  name: 'Nom',
  description: 'Description',
  trialDays: 'Essai, en jours',
  trialRequiresCard: 'L’essai commence avec une carte',
  pricesTitle: 'Prix',
  currencies: 'Devises',
  currenciesHint: 'La devise habituelle en premier : usd, eur',
  sold: (interval) => `Vendu ${intervals[interval]}`,
  price: (interval, currency) => `Prix ${intervals[interval]}, ${currency}`,
  tierPrice: (interval, currency, place) => `Siège ${intervals[interval]}, ${currency}, palier ${place}`,
  tierEnd: (interval, place) => `Dernier siège ${intervals[interval]}, palier ${place}`,
  tiersMode: (interval) => `Paliers ${intervals[interval]}`,
  tiersModeOf: (mode) => (mode === 'graduated' ? 'chaque siège selon son palier' : 'tous les sièges selon le palier de leur nombre'),
  addTier: (interval) => `Ajouter un palier, ${intervals[interval]}`,
  removeTier: (interval) => `Supprimer le dernier palier, ${intervals[interval]}`,
  perSeat: (interval) => `À payer pour chaque siège, ${intervals[interval]}`,
  minimumSeats: (interval) => `Nombre minimal de sièges, ${intervals[interval]}`,
  each: (price, interval) => `${price} ${intervals[interval]}`,
  featuresTitle: 'Ce qui est inclus',
  included: (feature) => feature,
  value: (feature) => `${feature}, valeur`,
  valueHint: 'Du JSON, ou un texte.',
  unlimited: (feature) => `${feature}, illimité`,
  paidSeats: (feature) => `${feature}, autant que de sièges payés`,
  amountOf: (feature) => `${feature}, quantité`,
  per: (feature) => `${feature}, renouvelé à chaque période`,
  span: (span) => ({ hour: 'heure', day: 'jour', week: 'semaine', month: 'mois', year: 'an' })[span],
  overageOf: (feature, currency) => `${feature}, l’unité au-delà, ${currency}`,
  overageHint: 'Vide : aucun dépassement.',
  restLoading: 'Chargement des fonctionnalités, des packs et des règles…',
  restFailed: 'Les fonctionnalités, les packs et les règles n’ont pas pu être chargés.',
  restRetry: 'Réessayer',
  changesTitle: 'Ce que ferait farebox push',
  changesHint: 'Dans un compte où le catalogue précédent a été envoyé. Effectif lorsque le fichier est déployé.',
  noChanges: 'Rien : Stripe resterait tel quel.',
  changesAfterFaults: 'Corrigez d’abord ce qui ne va pas.',
  group: (group) =>
    ({
      create: 'Crée',
      replace: 'Remplace des prix : les anciens sont archivés, les abonnements en cours les conservent',
      change: 'Modifie',
      retire: 'Archive : plus personne ne peut l’acheter, les abonnements en cours le conservent',
      leave: 'Vous laisse décider',
    })[group],
  tierCost: (price, end) => (end === null ? `${price} au-delà` : `${price} jusqu’au siège ${end}`),
  priceTerms: (cost, mode, minimum, written) => {
    const tiers = mode && (mode === 'graduated' ? 'chaque siège selon son palier' : 'paliers selon le nombre')
    const fewest = minimum > 1 && `au moins ${written} ${plural(minimum, { one: 'siège', many: 'de sièges', other: 'sièges' })}`
    return [cost, tiers, fewest].filter(Boolean).join(', ')
  },
  step: (step, nameOf, { now, before }) => {
    switch (step.kind) {
      case 'product':
        if (step.action === 'leave') return `Le produit ${nameOf(step.plan)}, qui n’est plus au catalogue`
        return `Le produit ${nameOf(step.target.plan)}${step.action === 'change' ? ` : ${step.fields.map((field) => fields[field]).join(', ')}` : ''}`
      case 'price': {
        const { plan, interval } = step.action === 'retire' ? step : step.target
        const price = `${nameOf(plan)}, ${interval === 'year' ? 'par an' : 'par mois'}`
        if (step.action === 'retire') return price
        return `${price} : ${now}${before && ` au lieu de ${before}`}`
      }
      case 'pack':
        if (step.action === 'retire') return `Le pack ${nameOf(step.pack)}`
        return `Le pack ${step.target.name} : ${now}${before && ` au lieu de ${before}`}`
      case 'portal': return 'Ce que propose le portail de facturation'
      default: return step satisfies never
    }
  },
  fileTitle: 'Sous forme de fichier de catalogue',
  copy: 'Copier',
  copied: 'Copié',
  notCopied: 'Copie impossible. Sélectionnez le texte.',

  featuresOfAll: 'Fonctionnalités du catalogue',
  featuresHint: 'Leurs clés ne changent pas : l’utilisation, les crédits et le code s’y rapportent. Le nom affiché vient des libellés de l’application.',
  noFeatures: 'Aucune pour l’instant.',
  addFeature: 'Ajouter une fonctionnalité',
  featureKey: 'Clé de la nouvelle fonctionnalité',
  featureKeyHint: 'Son nom dans le code, par exemple « apiCalls ». Elle ne change plus.',
  featureKeyTaken: 'Une fonctionnalité a déjà cette clé.',
  featureKind: 'Type',
  kindOf: (kind) => ({ metered: 'comptée par période', seats: 'occupée jusqu’à restitution', toggle: 'activée ou non', setting: 'une valeur' })[kind],
  removeFeature: (feature) => `Supprimer la fonctionnalité ${feature}`,
  featureRemoved: (feature) => `${feature} a été supprimée, ainsi que dans tous les forfaits et packs. « Annuler la modification » la rétablit.`,
  unit: 'Unité',
  unitHint: 'Comment s’appelle une unité, au singulier : call, token.',
  anchor: 'Ses périodes commencent avec',
  anchorOf: (anchor) => ({ customer: 'le client', calendar: 'le calendrier, en UTC', subscription: 'la période de facturation' })[anchor],
  onError: 'Si la décision est impossible',
  onErrorRule: (rule) => (rule === 'deny' ? 'refuser' : 'autoriser'),
  acceptLossy: 'Peut être conservée là où des décomptes peuvent se perdre',
  lease: 'Les instances prennent de l’utilisation d’avance, par blocs',
  leaseMost: 'Taille maximale d’un bloc',
  leaseIdle: 'Durée de conservation d’un bloc, en millisecondes',
  gatesTitle: 'Limites de débit',
  gatesOf: (feature) => `${feature}, au plus`,
  gatesHint: 'Par exemple 100/minute, 1000/hour. Un troisième nombre indique combien à la fois : 1000/hour/50.',
  packsTitle: 'Packs, payés une fois',
  noPacks: 'Aucun n’est en vente.',
  addPack: 'Ajouter un pack',
  packKey: 'Clé du nouveau pack',
  packKeyHint: 'Son nom dans le code, par exemple « small ». Elle ne change plus.',
  packKeyTaken: 'Un pack a déjà cette clé.',
  removePack: (pack) => `Supprimer le pack ${pack}`,
  packRemoved: (pack) => `Le pack ${pack} a été supprimé. « Annuler la modification » le rétablit.`,
  packPrice: (currency) => `Prix, ${currency}`,
  packGives: (feature) => `${feature}, quantité fournie`,
  packGivesHint: 'Vide : aucune.',
  packExpires: 'Expire après, en jours',
  packExpiresHint: 'Vide : ce qui reste est conservé.',
  packRefunds: 'En cas de remboursement',
  packRefundsRule: (rule) => (rule === 'void' ? 'ce qui a été fourni est repris' : 'ce qui a été fourni est conservé'),
  rulesTitle: 'Règles pour tous les forfaits',
  movesTitle: 'Changements de forfait',
  moveOf: (kind) =>
    ({
      upgrade: 'Vers un forfait supérieur', downgrade: 'Vers un forfait inférieur', longerInterval: 'Du mois à l’année',
      shorterInterval: 'De l’année au mois', moreQuantity: 'Plus de sièges', lessQuantity: 'Moins de sièges',
    })[kind],
  moveRule: ({ when, proration }) => {
    if (when === 'period-end') return 'à la fin de la période'
    return { invoice: 'aussitôt, facturé maintenant', 'next-invoice': 'aussitôt, sur la prochaine facture', none: 'aussitôt, sans prorata' }[proration]
  },
  pairOf: (from, to) => `De ${from} à ${to}`,
  pairFrom: 'Du forfait',
  pairTo: 'Au forfait',
  addPair: 'Ajouter une règle pour deux forfaits',
  pairTaken: 'Il existe déjà une règle pour ces deux forfaits, ou c’est le même.',
  removePair: (from, to) => `Supprimer la règle de ${from} à ${to}`,
  lifecycleTitle: 'Accès en cas de problème',
  graceDays: 'Délai de grâce, en jours',
  graceHint: (usual) => `Après une facture impayée. Vide : ${usual}.`,
  accessOf: (status) =>
    ({
      incomplete: 'Premier paiement en attente', incomplete_expired: 'Premier paiement jamais effectué', trialing: 'En période d’essai', active: 'Payé',
      past_due: 'Paiement en retard', unpaid: 'Impayé après toutes les tentatives', paused: 'En pause', canceled: 'Résilié', unknown: 'Inconnu',
    })[status],
  accessRule: (rule) => ({ full: 'accès', grace: 'accès pendant le délai de grâce', none: 'pas d’accès' })[rule],
}
