import type { CustomerRow } from '../../ports/record-store.ts'

/** What is known of who pays, apart from entitlements. */
export interface CustomerDetails {
  readonly email?: string | null
  readonly name?: string | null
}

/** No address is longer (RFC 5321 section 4.5.3.1.3), and no index has to hold more. */
const longestKey = 254

/** What an e-mail address is found by: people do not write it in the same case everywhere. `null` for what is too long to be one. */
export function emailKeyOf(email: string): string | null {
  const key = email.toLowerCase()
  return key.length > longestKey ? null : key
}

/** Writes into a customer's row what `details` add to it; the same row where they add nothing. */
export function withDetails({ email, name }: CustomerDetails): (row: CustomerRow) => CustomerRow {
  return (row) => {
    const next = { ...row, email: email ?? row.email, name: name ?? row.name }
    const keyed = next.email === null ? next : { ...next, emailKey: emailKeyOf(next.email) }
    return keyed.email === row.email && keyed.name === row.name && keyed.emailKey === row.emailKey ? row : keyed
  }
}
