import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type Part, createPart, createPartContext, rootPart } from '../parts/create-part.tsx'
import type { PartProps } from '../parts/part.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import type { CreditChoice } from './credit-balance.tsx'
import { creditEnglish } from './credit-messages.ts'
import type { ListRootProps, ListState } from './list-parts.tsx'
import { type TableParts, createTable, tableRoot } from './table-parts.tsx'
import { type CreditGrant, useGrants } from './use-grants.ts'

/** Props of {@link CreditLedger} and `CreditLedger.Root`. */
export type CreditLedgerProps = ListRootProps<CreditGrant> & CreditChoice

/** What the parts of one credit know. */
export interface GrantState {
  readonly grant: CreditGrant
  readonly label: string
  /** What is left of how much, with its unit. */
  readonly left: string
  /** Until when it counts. */
  readonly expiry: string
}

/** Props of `CreditLedger.Row`. */
export type GrantRowProps = PartProps<GrantState, 'tr'> & { readonly grant: CreditGrant }

const LedgerContext = /* @__PURE__ */ createPartContext<ListState<CreditGrant>>()
const GrantContext = /* @__PURE__ */ createPartContext<GrantState>()

function Root({ feature, ...props }: CreditLedgerProps): React.ReactElement {
  const { ledgerTitle: title, noCredits: emptyText, columnCredits, columnRemaining, columnExpires } = useMessages(creditEnglish)
  const columns = [columnCredits, columnRemaining, columnExpires]
  return tableRoot(LedgerContext, props, 'credit-ledger', { items: useGrants(feature), title, emptyText, columns })
}

function Row({ grant, ...props }: GrantRowProps): React.ReactElement {
  const { format: { number, date }, labelOf } = useBillingContext()
  const messages = useMessages(creditEnglish)
  const { feature, remaining, amount, unit, expiresAt } = grant
  const state = {
    grant,
    label: labelOf(feature),
    left: messages.leftOf(number(remaining), messages.amount(number(amount), amount, unit)),
    expiry: expiresAt ? date(expiresAt) : messages.neverExpires,
  }
  const own = { 'data-slot': 'credit-ledger-row', 'data-feature': feature, children: <><Feature /><Left /><Expiry /></> }
  return rootPart(GrantContext, 'tr', props, own, state)
}

const Feature: Part<GrantState, 'th'> = /* @__PURE__ */ createPart(GrantContext, 'credit-ledger-feature', 'th', ({ label }) => ({
  scope: 'row',
  children: label,
}))

const Left: Part<GrantState, 'td'> = /* @__PURE__ */ createPart(GrantContext, 'credit-ledger-left', 'td', ({ left }) => ({
  'data-numbers': '',
  children: left,
}))

const Expiry: Part<GrantState, 'td'> = /* @__PURE__ */ createPart(GrantContext, 'credit-ledger-expiry', 'td', ({ expiry }) => ({
  'data-numbers': '',
  children: expiry,
}))

const parts: TableParts<CreditGrant> = /* @__PURE__ */ createTable(
  LedgerContext, 'credit-ledger', ({ id }) => id, (grant) => <Row grant={grant} />,
)

function CreditLedgerWhole(props: CreditLedgerProps): React.ReactElement {
  return <Root {...props}><parts.Table /></Root>
}

/**
 * Every credit that counts now, by feature, in the order in which they are drawn. `Rows` makes a `Row` of each, or what its
 * function says.
 */
export const CreditLedger: typeof CreditLedgerWhole & TableParts<CreditGrant> & {
  readonly Root: typeof Root
  readonly Row: typeof Row
  readonly Feature: Part<GrantState, 'th'>
  readonly Left: Part<GrantState, 'td'>
  readonly Expiry: Part<GrantState, 'td'>
} = /* @__PURE__ */ Object.assign(CreditLedgerWhole, parts, { Root, Row, Feature, Left, Expiry })
