import type { CustomerRow } from '../ports/record-store.ts'

/** What is known of who pays, apart from entitlements. */
export interface CustomerDetails {
  readonly email?: string | null
  readonly name?: string | null
}

/** What an e-mail address is found by: people do not write it in the same case everywhere. */
export function emailKeyOf(email: string): string {
  return email.toLowerCase()
}

/** Writes into a customer's row what `details` add to it; the same row where they add nothing. */
export function withDetails({ email, name }: CustomerDetails): (row: CustomerRow) => CustomerRow {
  return (row) => {
    const next = { ...row, email: email ?? row.email, name: name ?? row.name }
    const keyed = next.email === null ? next : { ...next, emailKey: emailKeyOf(next.email) }
    return keyed.email === row.email && keyed.name === row.name && keyed.emailKey === row.emailKey ? row : keyed
  }
}
