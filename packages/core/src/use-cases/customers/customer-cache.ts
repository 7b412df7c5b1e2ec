import { isWhole } from '../../domain/amount.ts'
import { type CustomerRecords, type EntitlingRecords, isBare } from '../../domain/entitlement.ts'
import { second } from '../../domain/instant.ts'

/**
 * What the records said of customers that were asked for lately. Safe to be old: every use carries the version it was read
 * at, and the usage store refuses a version other than the customer's marker. Bounded by two generations, so nothing needs
 * a timer. Of most customers nothing is known but since when: each of them is one number here, and those of whom the same
 * is known are given the same object, so that what was worked out for one serves all.
 */
export interface CustomerCache {
  find(customer: string): EntitlingRecords | undefined
  put(records: CustomerRecords): void
}

/** Options of {@link createCustomerCache}. */
export interface CustomerCacheOptions {
  /** So many customers at least, and at most twice as many, of whom nothing is known but since when. */
  readonly plain?: number
  /** The same, of whom more is known. */
  readonly others?: number
}

export function createCustomerCache({ plain: mostPlain = 100_000, others: mostOthers = 10_000 }: CustomerCacheOptions = {}): CustomerCache {
  const plain = new Generations<string, number>(mostPlain)
  const others = new Generations<string, EntitlingRecords>(mostOthers)
  const alike = new Generations<number, EntitlingRecords>(mostOthers)

  function shared(code: number): EntitlingRecords {
    const known = alike.find(code)
    if (known !== undefined) return known
    const records = decoded(code)
    alike.put(code, records)
    return records
  }

  return {
    find(customer) {
      const code = plain.find(customer)
      return code === undefined ? others.find(customer) : shared(code)
    },
    put(records) {
      const { customer } = records
      const code = codeOf(records)
      if (code === undefined) {
        plain.delete(customer)
        others.put(customer, records)
      } else {
        others.delete(customer)
        plain.put(customer, code)
      }
    },
  }
}

/** A map that forgets what was asked for longest ago: keeps the last `size` entries, and at most twice as many. */
export class Generations<Key, Value> {
  private readonly size: number
  private young = new Map<Key, Value>()
  private old = new Map<Key, Value>()

  constructor(size: number) {
    this.size = size
  }

  find(key: Key): Value | undefined {
    const recent = this.young.get(key)
    if (recent !== undefined) return recent
    const kept = this.old.get(key)
    if (kept !== undefined) this.put(key, kept)
    return kept
  }

  put(key: Key, value: Value): void {
    if (this.young.size >= this.size) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, value)
  }

  delete(key: Key): void {
    this.young.delete(key)
    this.old.delete(key)
  }
}

/** Versions below this share an exact integer with seconds up to the year 2242. */
const versions = 2 ** 20
const seconds = 2 ** 33

/** Version and beginning as one number, where there is nothing else to remember. */
function codeOf(records: EntitlingRecords): number | undefined {
  const { version, createdAt } = records
  const since = createdAt / second
  const isSmall = version < versions && isWhole(since, 0, seconds - 1)
  return isSmall && isBare(records) ? since * versions + version : undefined
}

const none: readonly never[] = Object.freeze([])

function decoded(code: number): EntitlingRecords {
  const version = code % versions
  return { version, createdAt: ((code - version) / versions) * second, subscriptions: none, grants: none, overrides: none }
}
