import type { Instant } from '../../domain/instant.ts'
import type { UsageOperation } from '../../ports/usage-store.ts'
import type { CustomerUsage } from '../counting/customer-usage.ts'
import type { EndedReservation, HeldReservation, KeyedOutcome } from '../counting/feature-usage.ts'
import { ledgerOf } from '../counting/ledger.ts'
import { archiveCounters, countersOf } from './archive-counters.ts'
import type { ChangesList } from './row-changes.ts'
import type { NeedsList } from './row-needs.ts'
import { encodeKeyed, encodeReservation } from './row-text.ts'
import { type DocumentNotes, encodeDocument } from './usage-document.ts'

type Reservation = HeldReservation | EndedReservation

/** The rows of a customer as they were fetched, beside which a call's changes show. */
export class LoadedCustomer {
  readonly id: string
  /** The document; `null` where there is none. */
  text: string | null = null
  revision = 0
  /** Where the driver keeps the document, if it says so. */
  row = 0
  notes: DocumentNotes = { archived: undefined, expiries: undefined, counters: 0 }
  /** Everything that was asked for; `undefined` for what is not there. */
  keys: Map<string, KeyedOutcome | undefined> | undefined
  reservations: Map<string, Map<string, Reservation | undefined>> | undefined
  /** Features whose reservations that are due were asked for. */
  due: Set<string> | undefined
  /** Counters that were asked for apart, by feature, and whether they had a row. */
  apart: Map<string, Map<string, boolean>> | undefined

  constructor(id: string) {
    this.id = id
  }

  needKey(needs: NeedsList, key: string): void {
    this.keys ??= new Map()
    if (this.keys.has(key)) return
    this.keys.set(key, undefined)
    needs.keys.push([this.id, key])
  }

  needReservation(needs: NeedsList, feature: string, reservation: string): void {
    const known = this.reservationsOf(feature)
    if (known.has(reservation)) return
    known.set(reservation, undefined)
    needs.reservations.push([this.id, feature, reservation])
  }

  /** The reservations of a feature that are due, and the first that is not. */
  needDue(needs: NeedsList, feature: string): void {
    this.due ??= new Set()
    if (this.due.has(feature)) return
    this.due.add(feature)
    needs.due.push([this.id, feature])
  }

  /** A counter that is not in the document and may have a row of its own. */
  needCounter(needs: NeedsList, feature: string, bucket: string, usage: CustomerUsage | undefined): void {
    this.apart ??= new Map()
    const known = this.apart.get(feature) ?? new Map<string, boolean>()
    if (known.has(bucket) || (usage && ledgerOf(usage).find(feature))?.counters.find(bucket) !== undefined) return
    this.apart.set(feature, known.set(bucket, false))
    needs.counters.push([this.id, feature, bucket])
  }

  /** What is known of a feature's reservations, to be added to. */
  reservationsOf(feature: string): Map<string, Reservation | undefined> {
    this.reservations ??= new Map()
    const known = this.reservations.get(feature)
    if (known !== undefined) return known
    const none = new Map<string, Reservation | undefined>()
    this.reservations.set(feature, none)
    return none
  }

  /** Adds what is different now. `operations` are those of the call, of any customer. */
  addChanges(changes: ChangesList, usage: CustomerUsage, operations: readonly UsageOperation[], now: Instant): void {
    const before = changes.rows
    if (this.keys !== undefined) this.addKeyChanges(changes, usage)
    if (this.reservations !== undefined) this.addReservationChanges(changes, usage)
    const returned = this.apart === undefined ? 0 : this.addReturns(changes)
    if (countersOf(usage) > this.notes.counters + returned) this.archive(changes, usage, operations)
    if (this.notes.expiries !== undefined) this.boundExpiries(usage, now)
    const text = isForgettable(usage) ? null : encodeDocument(usage, this.notes.archived, now)
    if (text === this.text && changes.rows === before) return
    const revision = this.revision === 0 ? firstRevision(now) : this.revision + 1
    changes.documents.push({ customer: this.id, text, expected: this.revision, row: this.row, revision })
    this.text = text
    this.revision = revision
  }

  private addKeyChanges(changes: ChangesList, usage: CustomerUsage): void {
    for (const [key, before] of this.keys ?? []) {
      const after = usage.keys?.get(key)
      if (after === before) continue
      const text = after === undefined ? null : encodeKeyed(after)
      changes.keys.push({ customer: this.id, key, text, until: after?.until ?? 0 })
    }
  }

  private addReservationChanges(changes: ChangesList, usage: CustomerUsage): void {
    for (const [name, reservations] of this.reservations ?? []) {
      const feature = ledgerOf(usage).find(name)
      for (const [reservation, before] of reservations) {
        const after = feature?.held?.get(reservation) ?? feature?.ended?.get(reservation)
        if (after === undefined || after === before) continue
        const isHeld = !('as' in after)
        const at = isHeld ? after.expiresAt : after.until
        changes.reservations.push({ customer: this.id, feature: name, reservation, text: encodeReservation(after), isHeld, at })
      }
    }
  }

  /** What was found apart is in the document from now on. Answers how much that is. */
  private addReturns(changes: ChangesList): number {
    let returned = 0
    for (const [feature, buckets] of this.apart ?? []) {
      for (const [bucket, isFound] of buckets) {
        if (!isFound) continue
        changes.counters.push({ customer: this.id, feature, bucket, counter: null })
        returned += 1
      }
    }
    return returned
  }

  private archive(changes: ChangesList, usage: CustomerUsage, operations: readonly UsageOperation[]): void {
    const archived = archiveCounters(changes, this.id, usage, operations)
    if (archived.size > 0) this.notes.archived = new Set([...(this.notes.archived ?? []), ...archived])
  }

  /** Reservations that were not fetched expire no earlier than the document says, or than the first one that is not due. */
  private boundExpiries(usage: CustomerUsage, now: Instant): void {
    for (const [name, known] of this.notes.expiries ?? []) {
      const feature = ledgerOf(usage).find(name)
      if (feature !== undefined) feature.expiry = Math.min(feature.expiry, this.due?.has(name) === true ? this.firstAfter(name, now) : known)
    }
  }

  private firstAfter(feature: string, now: Instant): Instant {
    let first = Number.POSITIVE_INFINITY
    for (const before of this.reservations?.get(feature)?.values() ?? []) {
      if (before !== undefined && !('as' in before) && before.expiresAt > now) first = Math.min(first, before.expiresAt)
    }
    return first
  }
}

/** Above every revision that a customer of this name had before: nobody writes a document more than once in a microsecond. */
function firstRevision(now: Instant): number {
  return Math.max(1, now * 1000)
}

/** A document says nothing where no feature is counted and no marker was ever told, or its time is over. */
function isForgettable(usage: CustomerUsage): boolean {
  const isCounted = usage.isPlain ? usage.plain !== null : !ledgerOf(usage).isEmpty()
  return !isCounted && usage.markerUntil === Number.NEGATIVE_INFINITY
}
