/**
 * What became of a delivery.
 *
 * - `applied`, `superseded`: the customer is stored as Stripe has it now.
 * - `ignored`: of another app, another mode, or of a type that changes nothing; no row was written. Also where the
 *   customer is linked to Stripe no more.
 * - `duplicate`: done before.
 * - `parked`: failed too often in the same way and was put aside; health is degraded until it is replayed.
 * - `in-progress`: this process has it in hand and took too long; Stripe should try again.
 * - `failed`: Stripe should try again.
 *
 * `pending`: something waits in the customer's outbox.
 */
export type WebhookOutcome =
  | {
      readonly kind: 'applied' | 'superseded' | 'ignored' | 'duplicate' | 'in-progress'
      readonly customer: string | null
      readonly pending?: true
    }
  | { readonly kind: 'parked' | 'failed'; readonly customer: string | null; readonly failure: string; readonly pending?: true }
