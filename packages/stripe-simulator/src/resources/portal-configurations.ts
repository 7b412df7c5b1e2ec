import type { Account } from '../account.ts'
import { missingParameter, unsupported } from '../errors.ts'
import { get } from '../get.ts'
import type { Interval } from '../objects.ts'
import type { PortalFeatures, PortalQuantity } from '../portal-objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'
import { changeObject } from '../lifecycle/change-object.ts'

type Nested = Readonly<Record<string, unknown>>

interface Given {
  readonly active?: boolean
  readonly business_profile?: Nested
  readonly default_return_url?: string | null
  readonly features?: Partial<Record<keyof PortalFeatures, Nested>>
  readonly login_page?: { readonly enabled: boolean }
  readonly metadata?: MetadataChange | null
  readonly name?: string | null
}

const supported = [
  'business_profile.headline',
  'default_return_url',
  'features.payment_method_update.enabled',
  'features.subscription_cancel.enabled',
  'features.subscription_cancel.mode',
  'features.invoice_history.enabled',
  'features.subscription_pause.duration.interval_options',
  'features.subscription_pause.duration.type',
  'features.subscription_pause.enabled',
  'features.subscription_update.billing_cycle_anchor',
  'features.subscription_update.default_allowed_updates',
  'features.subscription_update.enabled',
  'features.subscription_update.products',
  'features.subscription_update.proration_behavior',
  'features.subscription_update.schedule_at_period_end.conditions',
  'features.subscription_update.trial_update_behavior',
  'metadata',
]
const echoed = [
  'business_profile.privacy_policy_url',
  'business_profile.terms_of_service_url',
  'features.customer_update',
  'features.subscription_cancel.cancellation_reason',
  'login_page',
  'name',
]

const noFeatures: PortalFeatures = {
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: {
      enabled: false,
      feedback_options: null,
      options: ['too_expensive', 'missing_features', 'switched_service', 'unused', 'other'],
    },
    enabled: false,
    mode: 'at_period_end',
    proration_behavior: 'none',
  },
  subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: null,
    default_allowed_updates: [],
    enabled: false,
    products: null,
    proration_behavior: 'none',
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: 'end_trial',
  },
}

export const portalConfigurationRoutes: Routes = {
  'billing-portal-configurations.create': route<Given>({
    supports: supported,
    echoes: echoed,
    handle({ account, parameters }) {
      refuseUnmodelled(parameters)
      const features = mergeFeatures(account, noFeatures, parameters)
      const now = account.clock.seconds()
      const configuration = account.store.portalConfigurations.save({
        id: account.identifiers.next('bpc'),
        object: 'billing_portal.configuration',
        active: true,
        application: null,
        business_profile: {
          headline: null,
          privacy_policy_url: null,
          terms_of_service_url: null,
          ...parameters.business_profile,
        },
        created: now,
        default_return_url: parameters.default_return_url ?? null,
        features,
        is_default: false,
        livemode: false,
        login_page: { enabled: false, url: null },
        metadata: changeMetadata({}, parameters.metadata),
        name: parameters.name ?? null,
        updated: now,
      })
      account.emit('billing_portal.configuration.created', configuration)
      return render(account.store, configuration)
    },
  }),
  'billing-portal-configurations.retrieve': retrieveRoute('portalConfigurations'),
  'billing-portal-configurations.update': route<Given>({
    supports: [...supported, 'active'],
    echoes: echoed,
    handle({ account, id, parameters }) {
      refuseUnmodelled(parameters)
      const before = get(account.store.portalConfigurations, id)
      const { active, business_profile, default_return_url, metadata, name } = parameters
      const changes = {
        ...(active !== undefined && { active }),
        business_profile: { ...before.business_profile, ...business_profile },
        ...(default_return_url !== undefined && { default_return_url }),
        features: mergeFeatures(account, before.features, parameters),
        metadata: changeMetadata(before.metadata, metadata),
        ...(name !== undefined && { name }),
        updated: account.clock.seconds(),
      }
      const after = changeObject(account, 'portalConfigurations', before, changes, 'billing_portal.configuration.updated')
      return render(account.store, after)
    },
  }),
  'billing-portal-configurations.list': listRoute('portalConfigurations', { fields: ['active', 'is_default'] }),
}

function refuseUnmodelled(given: Given): void {
  if (given.login_page?.enabled === true) throw unsupported('login pages', 'login_page[enabled]')
}

function mergeFeatures(account: Account, before: PortalFeatures, { features = {} }: Given): PortalFeatures {
  const cancel = features.subscription_cancel ?? {}
  const reason = { ...asRecord(before.subscription_cancel['cancellation_reason']), ...asRecord(cancel['cancellation_reason']) }
  const merged: PortalFeatures = {
    customer_update: { ...before.customer_update, ...emptyLists(features.customer_update) },
    invoice_history: { ...before.invoice_history, ...features.invoice_history },
    payment_method_update: { ...before.payment_method_update, ...features.payment_method_update },
    subscription_cancel: { ...before.subscription_cancel, ...cancel, cancellation_reason: emptyLists(reason) },
    subscription_pause: mergePause(before.subscription_pause, features.subscription_pause),
    subscription_update: { ...before.subscription_update, ...emptyLists(features.subscription_update) },
  }
  const { enabled, products } = merged.subscription_update
  if (!enabled) return merged
  if (products === undefined || products === null) throw missingParameter('features[subscription_update][products]')
  for (const [index, { product, prices }] of products.entries()) {
    const path = `features[subscription_update][products][${index}]`
    get(account.store.products, product, `${path}[product]`)
    for (const [place, price] of prices.entries()) get(account.store.prices, price, `${path}[prices][${place}]`)
  }
  const complete = products.map((entry) => ({ ...entry, adjustable_quantity: quantityLimits(merged, entry.adjustable_quantity) }))
  return { ...merged, subscription_update: { ...merged.subscription_update, products: complete } }
}

/** A product that says nothing of its quantity follows what may be updated at all. */
function quantityLimits(
  { subscription_update }: PortalFeatures,
  given: Partial<PortalQuantity> | undefined,
): PortalQuantity {
  const enabled = subscription_update.default_allowed_updates.includes('quantity')
  return { enabled, maximum: null, minimum: 1, ...given }
}

function mergePause(before: PortalFeatures['subscription_pause'], given: Nested = {}): PortalFeatures['subscription_pause'] {
  const duration = asRecord(given['duration'])
  const options = duration['interval_options']
  const interval_options = Array.isArray(options)
    ? options.map((option: { readonly interval: Interval; readonly interval_count?: number }) => ({ interval_count: 1, ...option }))
    : options === undefined
      ? before.duration.interval_options
      : []
  const type = duration['type'] === undefined ? before.duration.type : duration['type'] === 'interval_options' ? 'interval_options' : 'indefinite'
  if (type === 'interval_options' && interval_options.length === 0) {
    throw missingParameter('features[subscription_pause][duration][interval_options]')
  }
  const enabled = given['enabled'] === undefined ? before.enabled : given['enabled'] === true
  return { duration: { interval_options, type }, enabled }
}

/** A list that was cleared with an empty string is an empty list; other fields stay cleared. */
function emptyLists(given: Nested | undefined): Nested {
  const lists = ['allowed_updates', 'default_allowed_updates', 'options', 'products']
  return Object.fromEntries(
    Object.entries(given ?? {}).map(([name, value]) => [name, value === null && lists.includes(name) ? [] : value]),
  )
}

function asRecord(value: unknown): Nested {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
