import { largestAmount } from '../../domain/amount.ts'
import { type Terms, counterName, isSame, lengthOf, never, takeTerms } from './encode-terms.ts'

/** Terms as the script is told them. */
export interface WrittenTerms {
  readonly terms: Terms
  readonly text: string
  /** How many values the text holds. */
  readonly length: number
  /** For a sole bucket and no gate: its name, version, from, until, limit and keep. */
  readonly sole: readonly string[]
}

/** How many terms are remembered. */
const most = 4

/** Customers of one plan say the same again and again, which is written once. */
export class RecentTerms {
  private readonly ring: WrittenTerms[] = []
  private next = 0

  write(terms: Terms): WrittenTerms {
    for (const known of this.ring) if (isSame(known.terms, terms)) return known
    const written: WrittenTerms = {
      terms: copyOf(terms),
      text: takeTerms(terms),
      length: lengthOf(terms.buckets.length, terms.gates.length),
      sole: soleOf(terms),
    }
    this.ring[this.next] = written
    this.next = (this.next + 1) % most
    return written
  }
}

/** Nobody can change a copy. */
function copyOf({ feature, freshness, keyFor, gates, buckets, requests }: Terms): Terms {
  return {
    feature,
    keyFor,
    freshness: { ...freshness },
    gates: gates.map((gate) => ({ ...gate })),
    buckets: buckets.map((bucket) => ({ ...bucket })),
    ...(requests !== undefined && { requests }),
  }
}

function soleOf({ feature, freshness, gates, buckets }: Terms): readonly string[] {
  const [bucket, ...others] = buckets
  if (bucket === undefined || others.length > 0 || gates.length > 0) return []
  const { version, validFrom, validUntil } = freshness
  const { limit, keepUntil } = bucket
  return [counterName(feature, bucket), ...[version, validFrom, validUntil ?? never, limit ?? largestAmount, keepUntil ?? never].map(String)]
}
