import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { createPartContext } from '../parts/create-part.tsx'
import { type PartProps, part } from '../parts/part.tsx'
import type { MeteredName } from '../provider/register.ts'
import { type ListItems, type ListRootProps, type ListState, createList, listRoot } from './list-parts.tsx'
import { UsageBar } from './usage-bar.tsx'
import { usageTableEnglish } from './usage-table-messages.ts'
import { type MeterChoice, useMeteredFeatures } from './use-metered-features.ts'

/** Props of `UsageDashboard.Root`. */
export type UsageDashboardRootProps = ListRootProps<MeteredName> & MeterChoice

/** Props of `UsageDashboard.Item`. */
export type UsageDashboardItemProps = PartProps<MeteredName, 'li'> & { readonly feature: MeteredName }

/** Props of {@link UsageDashboard}. */
export type UsageDashboardProps = Omit<UsageDashboardRootProps, 'children'> & {
  /** Makes the meter of a feature; a {@link UsageBar} unless said otherwise. */
  readonly children?: ((feature: MeteredName) => React.ReactNode) | undefined
}

const DashboardContext = /* @__PURE__ */ createPartContext<ListState<MeteredName>>()

function Root({ features, order, ...props }: UsageDashboardRootProps): React.ReactElement {
  const items = useMeteredFeatures({ features, order })
  const { usageTitle: title, noUsage: emptyText } = useMessages(usageTableEnglish)
  return listRoot(DashboardContext, props, { 'data-slot': 'usage-dashboard' }, { items, title, emptyText })
}

function Item({ feature, ...props }: UsageDashboardItemProps): React.ReactElement {
  return part('li', props, { 'data-slot': 'usage-dashboard-item', 'data-surface': '', children: <UsageBar feature={feature} /> }, feature)
}

const List: ListItems<MeteredName, 'ul'> = /* @__PURE__ */ createList(
  DashboardContext, 'usage-dashboard-list', 'ul', (feature) => feature, (feature) => <Item feature={feature} />,
)

function UsageDashboardWhole({ children: meter, ...props }: UsageDashboardProps): React.ReactElement {
  return (
    <Root {...props}>
      <List>{(feature) => <Item feature={feature}>{meter?.(feature)}</Item>}</List>
    </Root>
  )
}

/**
 * All meters in a grid, as wide as there is room. A number that changes renders its own meter and no other. `List` makes an
 * `Item` of each feature, with a {@link UsageBar} in it, or what its function says.
 */
export const UsageDashboard: typeof UsageDashboardWhole & {
  readonly Root: typeof Root
  readonly List: ListItems<MeteredName, 'ul'>
  readonly Item: typeof Item
} = /* @__PURE__ */ Object.assign(UsageDashboardWhole, { Root, List, Item })
