import { type Bucket, grantBucketId } from '../../domain/bucket.ts'
import { type Grant, type Override, defaultPriority } from '../../domain/grant.ts'
import { type Instant, toIso } from '../../domain/instant.ts'
import type { RecordEntry } from '../../ports/record-store.ts'
import type { UsageReading } from '../../ports/usage-store.ts'
import type { AdminCustomerView, AuditView, BucketView, OverrideView } from '../../protocol/admin.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { getKnown } from '../customers/find-customer.ts'
import { customerOf, decisive } from '../customers/load-customer.ts'
import { snapshotOf } from '../decisions/get-snapshot.ts'
import type { Question } from '../decisions/question.ts'

const mostAudit = 100

/**
 * One customer as an admin sees it. Reads only.
 *
 * @throws FareboxError `not-found` for a stranger.
 */
export async function getAdminCustomer(context: Context, id: string): Promise<AdminCustomerView> {
  const customer = checkId(id, 'customer')
  const reading = await context.records.load(customer, [...decisive, 'audit'])
  const loaded = customerOf(customer, reading)
  const { now } = loaded
  const row = getKnown(loaded.row)
  const { snapshot, counted } = await snapshotOf(context, loaded, false)
  const { email, name, paymentCustomer } = row.value
  return {
    snapshot,
    email,
    name,
    paymentCustomer,
    explanation: Object.fromEntries(counted.map(({ question, reading: counters }) => [question.feature, explain(question, counters)])),
    overrides: loaded.records.overrides.toSorted((one, other) => other.createdAt - one.createdAt).map((item) => overrideView(item, now)),
    audit: reading.rows.audit.toSorted(newestFirst).slice(0, mostAudit).map(auditView),
  }
}

/** What a balance is made of. Buckets come in the order in which the store draws from them, for it is the store's own question. */
function explain({ buckets, entitlements, period }: Question, reading: UsageReading): readonly BucketView[] {
  const grants = new Map(entitlements.grants.map((grant) => [grantBucketId(grant), grant]))
  return buckets.map((bucket) => {
    const state = reading.buckets.find(({ id }) => id === bucket.id)
    const counts = { amount: bucket.limit, used: state?.used ?? 0, reserved: state?.reserved ?? 0 }
    return { ...counts, ...originOf(bucket, grants.get(bucket.id), period.end) }
  })
}

type Origin = Pick<BucketView, 'source' | 'key' | 'priority' | 'expiresAt' | 'reason'>

function originOf({ kind }: Bucket, grant: Grant | undefined, periodEnd: Instant): Origin {
  if (grant !== undefined) {
    const { id: key, priority, expiresAt, purchase, reason } = grant
    return { source: purchase === undefined ? 'grant' : 'pack', key, priority, expiresAt: toIso(expiresAt), reason: reason ?? null }
  }
  return { source: kind, key: null, priority: kind === 'overage' ? null : defaultPriority, expiresAt: toIso(periodEnd), reason: null }
}

function overrideView({ id: key, plan, reason, until, voidedAt }: Override, now: Instant): OverrideView {
  const endedAt = voidedAt ?? (until !== null && until <= now ? until : null)
  return { key, plan, reason: reason ?? null, until: toIso(until), endedAt: toIso(endedAt) }
}

/** Ids rise with the versions that the changes made. */
function newestFirst(one: RecordEntry<'audit'>, other: RecordEntry<'audit'>): number {
  return Number(other.id) - Number(one.id)
}

function auditView({ id, value: { at, actor, action, detail } }: RecordEntry<'audit'>): AuditView {
  return { id, at: toIso(at), actor, action, detail }
}
