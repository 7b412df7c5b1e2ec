import type { CustomerRow } from '../ports/record-store.ts'

/** What is known of who pays, apart from entitlements. */
export interface CustomerDetails {
  readonly email?: string | null
  readonly name?: string | null
}

/** Writes into a customer's row what `details` add to it; the same row where they add nothing. */
export function withDetails({ email, name }: CustomerDetails): (row: CustomerRow) => CustomerRow {
  return (row) => {
    const next = { ...row, email: email ?? row.email, name: name ?? row.name }
    return next.email === row.email && next.name === row.name ? row : next
  }
}
