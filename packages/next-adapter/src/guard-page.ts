import {
  type Catalog, type Farebox, FareboxError, type FeatureKeyOf, type MeteredKeyOf, type MeteredPass, type Pass,
  type PlanKeyOf, type Problem, type Stop,
} from '@farebox/core'
// Not `next/navigation.js`: Next knows that module by its name without an extension alone, which no ESM package can
// write, and cannot build it into a route handler.
import { redirect } from 'next/dist/client/components/redirect.js'
import type { ReactNode } from 'react'
import {
  type AuthOptions, type Check, type MeterOptions, checkAuth, checkFeature, checkMeter, checkPlan,
} from './check.ts'
import { readRequestHeader } from './read-request-header.ts'
import { asRefusal, runMetered } from './run-metered.ts'

/** A page as it is written: told who passed. */
export type Page<Props, Passed extends Pass> = (props: Props, passed: Passed) => ReactNode | Promise<ReactNode>

/** A page as it is exported. */
export type GuardedPage<Props> = (props: Props) => Promise<ReactNode>

/** Where a refused visitor goes. */
export interface PageOptions {
  /** Where a visitor without a valid token is sent. */
  readonly signInUrl: string
  /**
   * What to show in the page's place for every other refusal. Without it the visitor is sent to the problem's upgrade or
   * portal URL; a problem that has neither, such as a burst or a store that is down, throws to the error boundary.
   */
  readonly refused?: (problem: Problem) => ReactNode
}

/** Renders `page` for a valid token alone; with `role`, for that role in the active organization. */
export function requireAuthOnPage<C extends Catalog, Props>(
  farebox: Farebox<C>,
  page: Page<Props, Pass>,
  options: PageOptions & AuthOptions,
): GuardedPage<Props> {
  return guardPage(checkAuth(farebox, options), page, options)
}

/** Renders `page` for customers of one of these plans. */
export function requirePlanOnPage<C extends Catalog, Props>(
  farebox: Farebox<C>,
  plans: PlanKeyOf<C> | readonly PlanKeyOf<C>[],
  page: Page<Props, Pass>,
  options: PageOptions,
): GuardedPage<Props> {
  return guardPage(checkPlan(farebox, plans), page, options)
}

/** Renders `page` for customers who have the feature, and something left of it where it is metered. Counts nothing. */
export function requireFeatureOnPage<C extends Catalog, Props>(
  farebox: Farebox<C>,
  feature: FeatureKeyOf<C>,
  page: Page<Props, Pass>,
  options: PageOptions,
): GuardedPage<Props> {
  return guardPage(checkFeature(farebox, feature), page, options)
}

/**
 * Counts usage if it is allowed, then renders `page`; what throws is given back. A prefetch renders too: give links to
 * the page `prefetch={false}`.
 */
export function withMeterOnPage<C extends Catalog, Props>(
  farebox: Farebox<C>,
  feature: MeteredKeyOf<C>,
  page: Page<Props, MeteredPass>,
  options: PageOptions & MeterOptions,
): GuardedPage<Props> {
  return guardPage(checkMeter(farebox, feature, options), page, options)
}

function guardPage<Props, Passed extends Pass>(
  check: Check<Passed>,
  page: Page<Props, Passed>,
  options: PageOptions & MeterOptions,
): GuardedPage<Props> {
  return async function GuardedPage(props) {
    const passed = await check(await readRequestHeader())
    if (passed.kind === 'stop') return refusedPage(passed, options)
    return runMetered(passed, options.countFailures ?? false, () => page(props, passed))
  }
}

function refusedPage({ status, problem }: Stop, { signInUrl, refused }: PageOptions): ReactNode {
  if (status === 401) lead(signInUrl)
  if (refused !== undefined) return refused(problem)
  const target = problem.upgradeUrl ?? problem.portalUrl
  if (target !== undefined) lead(target)
  throw new FareboxError('unavailable', `The page was refused: ${problem.title}`, { reason: problem.type })
}

/** Leads to another page. What Next throws for it is known as a refusal, by whoever counted around this guard. */
function lead(url: string): never {
  try {
    redirect(url)
  } catch (error) {
    throw error instanceof Error ? asRefusal(error) : error
  }
}
