import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type PartContext, createPartContext, rootPart } from '../parts/create-part.tsx'
import { type PartProps, part } from '../parts/part.tsx'
import { type HeadingLevel, TitledContext } from '../parts/reading-part.tsx'
import { useRequired } from '../provider/billing-context.ts'
import { useSnapshot } from '../provider/use-snapshot.ts'
import { type DashboardSection, dashboardEnglish } from './dashboard-messages.ts'
import { dashboardContent } from './dashboard-content.tsx'

/** What the parts of a dashboard know. */
export interface DashboardState {
  /** Of the sections' headings: 2 is `h2`. */
  readonly level: HeadingLevel
}

/** Props of the `Root` of a dashboard. */
export type DashboardRootProps = PartProps<DashboardState> & {
  /** Of the sections' headings; 2 unless said otherwise, for a page with a title of its own. */
  readonly level?: HeadingLevel
}

/**
 * Props of a `Section`: one of those that there are, by its `name`, or one of your own with a `title` and children. One that `isWide`
 * has the whole row.
 */
export type DashboardSectionProps = Omit<PartProps<DashboardState>, 'title'> &
  (
    | { readonly name: DashboardSection; readonly title?: React.ReactNode; readonly isWide?: boolean }
    | { readonly name?: undefined; readonly title: React.ReactNode; readonly isWide?: boolean }
  )

/** Props of {@link BillingDashboard}. */
export type BillingDashboardProps = Omit<DashboardRootProps, 'children'> & {
  /** Which sections, in which order; all of them unless said otherwise. */
  readonly sections?: readonly DashboardSection[]
}

const Context: PartContext<DashboardState> = /* @__PURE__ */ createPartContext<DashboardState>()

function Root({ level = 2, ...props }: DashboardRootProps): React.ReactElement {
  const { dashboardTitle } = useMessages(dashboardEnglish)
  const state = { level }
  const own = { 'data-farebox': '', 'data-slot': 'billing-dashboard', 'aria-label': dashboardTitle }
  return rootPart(Context, 'section', props, own, state)
}

function Section({ name, title, isWide = /^(notices|usage|invoices|planChange)$/.test(name ?? ''), children, ...props }: DashboardSectionProps): React.ReactElement {
  const { sectionTitle } = useMessages(dashboardEnglish)
  const state = useRequired(Context)
  const id = React.useId()
  const content = children ?? (name && dashboardContent(name))
  const own = { 'data-slot': 'dashboard-section', 'data-section': name, 'data-wide': isWide ? '' : undefined }
  // Notices come and go, so no heading waits for them.
  if (name === 'notices') return part('div', props, { ...own, children: content }, state)
  const heading = React.createElement(`h${state.level}`, { id, 'data-title': '' }, title ?? (name && sectionTitle(name)))
  return part('section', props, { ...own, 'aria-labelledby': id, children: <>{heading}<TitledContext.Provider value={state.level}>{content}</TitledContext.Provider></> }, state)
}

const forEverybody: readonly DashboardSection[] = ['notices', 'plan', 'period', 'usage', 'credits']
const everything: readonly DashboardSection[] = [...forEverybody, 'seats', 'upcoming', 'paymentMethods', 'invoices', 'planChange']

function BillingDashboardWhole({ sections = everything, ...props }: BillingDashboardProps): React.ReactElement {
  const { restForManagers } = useMessages(dashboardEnglish)
  const isOther = useSnapshot(({ canManageBilling }) => canManageBilling).data === false
  const shown = sections.filter((name) => !isOther || forEverybody.includes(name))
  return (
    <Root {...props}>
      {shown.map((name) => <Section key={name} name={name} />)}
      {shown.length < sections.length && <p data-wide="" data-quiet="">{restForManagers}</p>}
    </Root>
  )
}

/**
 * A whole billing page: any of its sections, in any order. Each loads and fails by itself. Who may not manage the billing is
 * told so once, in place of everything about money.
 *
 * With sections of your own: `<BillingDashboard.Root><BillingDashboard.Section name="usage" /><BillingDashboard.Section
 * title="Team"><Team /></BillingDashboard.Section></BillingDashboard.Root>`.
 */
export const BillingDashboard: typeof BillingDashboardWhole & {
  readonly Root: typeof Root
  readonly Section: typeof Section
} = /* @__PURE__ */ Object.assign(BillingDashboardWhole, { Root, Section })
