import { invalidRequest } from '../errors.ts'
import type { Rendered } from './render.ts'

const usualLimit = 20

/** Parameters that every list of API v2 takes; `page` comes from `next_page_url`. */
export interface PageParametersOfV2 {
  readonly limit?: number
  readonly page?: string
}

/** One page of what was found (newest first), as API v2 answers lists. A page begins after the object that its token names. */
export function listPageOfV2<Found extends { readonly id: string }>(
  found: readonly Found[],
  { limit = usualLimit, page, ...filter }: PageParametersOfV2,
  path: string,
  render: (one: Found) => Rendered,
): Rendered {
  if (limit < 1 || limit > 100) throw invalidRequest('Invalid limit: must be between 1 and 100', { param: 'limit' })
  const start = page === undefined ? 0 : found.findIndex(({ id }) => id === page) + 1
  if (page !== undefined && start === 0) throw invalidRequest('Invalid page token.', { param: 'page' })
  const shown = found.slice(start, start + limit)
  const last = shown.at(-1)
  const hasMore = last !== undefined && found.length > start + limit
  return {
    data: shown.map(render),
    next_page_url: hasMore ? urlOf(path, { ...filter, limit, page: last.id }) : null,
    previous_page_url: null,
  }
}

function urlOf(path: string, parameters: object): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (Array.isArray(value)) value.forEach((entry, index) => query.append(`${name}[${index}]`, String(entry)))
    else query.append(name, String(value))
  }
  return `${path}?${query.toString()}`
}
