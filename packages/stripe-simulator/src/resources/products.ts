import type { Account } from '../account.ts'
import { invalidRequest } from '../errors.ts'
import { get } from '../get.ts'
import type { Product } from '../objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'
import { changeObject } from '../lifecycle/change-object.ts'
import { publishedNulls } from '../published-data.ts'

interface ProductFields {
  readonly active?: boolean
  readonly description?: string | null
  readonly images?: readonly string[] | null
  readonly marketing_features?: readonly { readonly name: string }[] | null
  readonly metadata?: MetadataChange | null
  readonly name?: string
  readonly statement_descriptor?: string
  readonly unit_label?: string | null
  readonly url?: string | null
}

interface ProductFilter {
  readonly ids?: readonly string[]
}

const fields = ['active', 'description', 'metadata', 'name']
const echoed = ['images', 'marketing_features', 'statement_descriptor', 'unit_label', 'url']

export const productRoutes: Routes = {
  'products.create': route<ProductFields & { readonly name: string; readonly id?: string }>({
    supports: [...fields, 'id'],
    echoes: echoed,
    handle: ({ account, parameters }) => render(account.store, createProduct(account, parameters)),
  }),
  'products.retrieve': retrieveRoute('products'),
  'products.update': route<ProductFields & { readonly default_price?: string }>({
    supports: [...fields, 'default_price'],
    echoes: echoed,
    handle({ account, id, parameters }) {
      const before = get(account.store.products, id)
      const { metadata, images, marketing_features, ...given } = parameters
      if (given.default_price !== undefined) get(account.store.prices, given.default_price, 'default_price')
      const changes = {
        ...given,
        ...(images !== undefined && { images: images ?? [] }),
        ...(marketing_features !== undefined && { marketing_features: marketing_features ?? [] }),
        metadata: changeMetadata(before.metadata, metadata),
        updated: account.clock.seconds(),
      }
      return render(account.store, changeObject(account, 'products', before, changes, 'product.updated'))
    },
  }),
  'products.list': listRoute('products', {
    fields: ['active', 'created', 'url'],
    supports: ['ids'],
    shows: ({ id }, { ids }: ProductFilter) => ids === undefined || ids.includes(id),
  }),
}

/** Stores a new product and emits `product.created`. An id that is taken is refused. */
export function createProduct(
  account: Account,
  given: ProductFields & { readonly name: string; readonly id?: string },
): Product {
  if (given.id !== undefined && account.store.products.find(given.id) !== undefined) {
    throw invalidRequest('Product already exists.', { code: 'resource_already_exists', param: 'id' })
  }
  const now = account.clock.seconds()
  const product = account.store.products.save({
    id: given.id ?? account.identifiers.next('prod'),
    object: 'product',
    ...publishedNulls('product'),
    active: given.active ?? true,
    created: now,
    default_price: null,
    description: given.description ?? null,
    images: given.images ?? [],
    livemode: false,
    marketing_features: given.marketing_features ?? [],
    metadata: changeMetadata({}, given.metadata),
    name: given.name,
    statement_descriptor: given.statement_descriptor ?? null,
    tax_code: null,
    type: 'service',
    unit_label: given.unit_label ?? null,
    updated: now,
    url: given.url ?? null,
  })
  account.emit('product.created', product)
  return product
}
