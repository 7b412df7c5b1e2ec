import { requireFeature } from '@farebox/next'
import { farebox } from '../../../farebox.ts'
import { fortunes } from '../../../fortunes.ts'

/** For plans that have the book; for others a 402 that says which do. */
export const GET = requireFeature(farebox, 'book', () => new Response(fortunes.join('\n')))
