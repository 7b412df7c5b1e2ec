import { isBare } from '../../domain/entitlement.ts'
import type { Instant } from '../../domain/instant.ts'
import type { PlanClaims } from '../../domain/plan-claims.ts'
import type { DirectUsage, UsagePlace } from '../../ports/usage-store.ts'
import { type Evidence, type Question, askedAgain } from './question.ts'

/**
 * Questions that were answered lately, found by the number that is written at the customer's place in a store of this
 * process. Customers of whom the same is known share a note. Safe to be old, as every question is: the store looks at its
 * version and its interval. The oldest notes go first, so nothing needs a timer.
 */
export interface QuestionNotes {
  /** What was asked about `feature` last time, on the same claims, or `null` for the records. */
  find(place: UsagePlace, feature: string, claims: PlanClaims | null): Question | undefined
  /** Remembers a question that the store did not call stale, of a customer in a store of this process. */
  write(direct: DirectUsage, customer: string, evidence: Evidence, question: Question): void
}

/** What is known of some customers, and what follows for each feature that was asked for. */
interface Note {
  readonly number: number
  /** A copy, which no caller can change; `null`: the records were read. */
  readonly claims: PlanClaims | null
  readonly source: object
  question: Question
  others: Map<string, Question> | undefined
}

/** A power of two. */
const mostNotes = 16_384
const mostAlike = 4096

export function createQuestionNotes(): QuestionNotes {
  let notes: (Note | undefined)[] | undefined
  /** Notes of customers of whom nothing is known but since when, by that instant, and of claims, by what they say. */
  const alike = new Map<Instant | string, number>()

  function noteAt(number: number): Note | undefined {
    const note = notes?.[number & (mostNotes - 1)]
    return note?.number === number ? note : undefined
  }

  function noteFor(direct: DirectUsage, place: UsagePlace, evidence: Evidence, question: Question): Note {
    const { source, claims } =
      evidence.by === 'claims' ? { source: evidence.claims, claims: evidence.claims } : { source: evidence.records, claims: null }
    const own = noteAt(place.note)
    if (own?.source === source && isSame(own.claims, claims)) return own
    const likeness = likenessOf(evidence)
    const shared = likeness === undefined ? undefined : noteAt(alike.get(likeness) ?? -1)
    if (shared !== undefined && shared.question.freshness.version === question.freshness.version) return shared
    const note: Note = { number: direct.nextNote(), claims: claims && { ...claims }, source, question: askedAgain(question), others: undefined }
    notes ??= Array.from({ length: mostNotes })
    notes[note.number & (mostNotes - 1)] = note
    if (likeness !== undefined) {
      if (alike.size >= mostAlike) alike.clear()
      alike.set(likeness, note.number)
    }
    return note
  }

  return {
    find(place, feature, claims) {
      const note = noteAt(place.note)
      if (note === undefined || !isSame(note.claims, claims)) return undefined
      return note.question.feature === feature ? note.question : note.others?.get(feature)
    },
    write(direct, customer, evidence, question) {
      const place = direct.find(customer)
      if (place === undefined) return
      const note = noteFor(direct, place, evidence, question)
      place.note = note.number
      const { feature, freshness } = question
      const known = note.question.feature === feature ? note.question : note.others?.get(feature)
      if (known?.freshness.validUntil === freshness.validUntil && known.freshness.validFrom === freshness.validFrom) return
      if (note.question.feature === feature) note.question = askedAgain(question)
      else (note.others ??= new Map()).set(feature, askedAgain(question))
    },
  }
}

/** A new token mostly says of the plan what the last one said. */
function isSame(known: PlanClaims | null, given: PlanClaims | null): boolean {
  if (known === null || given === null) return known === given
  return (
    known.ev === given.ev &&
    known.plan === given.plan &&
    known.anchor === given.anchor &&
    known.until === given.until &&
    known.g === given.g
  )
}

/** What is the same for all customers of whom the same is known: what claims say, or since when nothing else is known. */
function likenessOf(evidence: Evidence): Instant | string | undefined {
  if (evidence.by === 'records') return isBare(evidence.records) ? evidence.records.createdAt : undefined
  const { plan, ev, anchor, until, g } = evidence.claims
  return `${plan} ${ev} ${anchor} ${until} ${g}`
}
