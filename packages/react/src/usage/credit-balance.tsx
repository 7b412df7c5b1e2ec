import type { Credits } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type Part, createPart, createPartContext, rootPart } from '../parts/create-part.tsx'
import type { PartProps } from '../parts/part.tsx'
import { OwnTitle } from '../parts/reading-part.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import type { MeteredName } from '../provider/register.ts'
import { creditEnglish } from './credit-messages.ts'
import { type ListItems, type ListRootProps, type ListState, createList, listRoot } from './list-parts.tsx'
import { useCredits } from './use-credits.ts'

/** Whose credits are shown. */
export interface CreditChoice {
  /** Credits of this feature alone; of all that have any unless said otherwise. */
  readonly feature?: MeteredName | undefined
}

/** Props of {@link CreditBalance} and `CreditBalance.Root`. */
export type CreditBalanceProps = ListRootProps<Credits> & CreditChoice

/** What the parts of the credits of one feature know. */
export interface CreditState {
  readonly credits: Credits
  readonly label: string
  /** What is left, with its unit. */
  readonly amount: string
  /** What of it ends first, and when. */
  readonly expiry: string
}

/** Props of `CreditBalance.Item`. */
export type CreditItemProps = PartProps<CreditState> & { readonly credits: Credits }

const BalanceContext = /* @__PURE__ */ createPartContext<ListState<Credits>>()
const ItemContext = /* @__PURE__ */ createPartContext<CreditState>()

function Root({ feature, ...props }: CreditBalanceProps): React.ReactElement {
  const { creditsTitle: title, noCredits: emptyText } = useMessages(creditEnglish)
  const own = { 'data-slot': 'credit-balance', 'data-surface': '' }
  return listRoot(BalanceContext, props, own, { items: useCredits(feature), title, emptyText })
}

const Title: Part<ListState<Credits>> = /* @__PURE__ */ createPart(BalanceContext, 'credit-title', 'div', ({ title }) => ({
  'data-title': '',
  children: title,
}))

function Item({ credits, ...props }: CreditItemProps): React.ReactElement {
  const { format: { number, date }, labelOf } = useBillingContext()
  const messages = useMessages(creditEnglish)
  const { feature, remaining, unit, expiring } = credits
  const state = {
    credits,
    label: labelOf(feature),
    amount: messages.amount(number(remaining), remaining, unit),
    expiry: expiring ? messages.creditsExpire(number(expiring.remaining), expiring.remaining, date(expiring.at)) : messages.neverExpires,
  }
  const own = { 'data-slot': 'credit-item', 'data-feature': feature, children: <><Label /><Amount /><Expiry /></> }
  return rootPart(ItemContext, 'div', props, own, state)
}

const Label: Part<CreditState, 'dt'> = /* @__PURE__ */ createPart(ItemContext, 'credit-label', 'dt', ({ label }) => ({ children: label }))

const Amount: Part<CreditState, 'dd'> = /* @__PURE__ */ createPart(ItemContext, 'credit-amount', 'dd', ({ amount }) => ({ children: amount }))

const Expiry: Part<CreditState, 'dd'> = /* @__PURE__ */ createPart(ItemContext, 'credit-expiry', 'dd', ({ expiry }) => ({
  'data-quiet': '',
  children: expiry,
}))

const List: ListItems<Credits, 'dl'> = /* @__PURE__ */ createList(
  BalanceContext, 'credit-list', 'dl', ({ feature }) => feature, (credits) => <Item credits={credits} />,
)

function CreditBalanceWhole(props: CreditBalanceProps): React.ReactElement {
  return (
    <Root {...props}>
      <OwnTitle><Title /></OwnTitle>
      <List />
    </Root>
  )
}

/** What is left of credits, and what of it ends first. `List` makes an `Item` of each feature's, or what its function says. */
export const CreditBalance: typeof CreditBalanceWhole & {
  readonly Root: typeof Root
  readonly Title: Part<ListState<Credits>>
  readonly List: ListItems<Credits, 'dl'>
  readonly Item: typeof Item
  readonly Label: Part<CreditState, 'dt'>
  readonly Amount: Part<CreditState, 'dd'>
  readonly Expiry: Part<CreditState, 'dd'>
} = /* @__PURE__ */ Object.assign(CreditBalanceWhole, { Root, Title, List, Item, Label, Amount, Expiry })
