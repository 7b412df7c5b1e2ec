import type { Account } from '../account.ts'
import { invalidRequest } from '../errors.ts'
import { get } from '../get.ts'
import type { Product } from '../objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { isWithin, listPage, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { pageParameters, route, type Routes } from './route.ts'

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

interface ProductFilter extends PageParameters {
  readonly active?: boolean
  readonly created?: InstantFilter
  readonly ids?: readonly string[]
  readonly url?: string
}

const fields = ['active', 'description', 'metadata', 'name']
const echoed = ['images', 'marketing_features', 'statement_descriptor', 'unit_label', 'url']

export const productRoutes: Routes = {
  'products.create': route<ProductFields & { readonly name: string; readonly id?: string }>({
    answers: 'product',
    supports: [...fields, 'id'],
    echoes: echoed,
    handle: ({ account, parameters }) => render(account.store, createProduct(account, parameters)),
  }),
  'products.retrieve': route({
    answers: 'product',
    handle: ({ account, id }) => render(account.store, get(account.store.products, id)),
  }),
  'products.update': route<ProductFields & { readonly default_price?: string }>({
    answers: 'product',
    supports: [...fields, 'default_price'],
    echoes: echoed,
    handle({ account, id, parameters }) {
      const before = get(account.store.products, id)
      const { metadata, images, marketing_features, ...given } = parameters
      if (given.default_price !== undefined) get(account.store.prices, given.default_price, 'default_price')
      const after = account.store.products.save({
        ...before,
        ...given,
        ...(images !== undefined && { images: images ?? [] }),
        ...(marketing_features !== undefined && { marketing_features: marketing_features ?? [] }),
        metadata: changeMetadata(before.metadata, metadata),
        updated: account.clock.seconds(),
      })
      account.emit('product.updated', after, before)
      return render(account.store, after)
    },
  }),
  'products.list': route<ProductFilter>({
    answers: 'product',
    supports: [...pageParameters, 'active', 'created', 'ids', 'url'],
    handle({ account, parameters }) {
      const { active, created, ids, url } = parameters
      const matches = account.store.products
        .newestFirst()
        .filter((product) => active === undefined || product.active === active)
        .filter((product) => isWithin(product.created, created))
        .filter((product) => ids === undefined || ids.includes(product.id))
        .filter((product) => url === undefined || product['url'] === url)
      return { ...listPage(account.store, account.store.products, matches, parameters, '/v1/products') }
    },
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
    active: given.active ?? true,
    created: now,
    default_price: null,
    description: given.description ?? null,
    images: given.images ?? [],
    livemode: false,
    marketing_features: given.marketing_features ?? [],
    metadata: changeMetadata({}, given.metadata),
    name: given.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: given.statement_descriptor ?? null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: given.unit_label ?? null,
    updated: now,
    url: given.url ?? null,
  })
  account.emit('product.created', product)
  return product
}
