import type { Catalog, Farebox, FeatureKeyOf, MeteredKeyOf, MeteredPass, Pass, PlanKeyOf, Problem } from '@farebox/core'
import {
  type AuthOptions, type Check, type MeterOptions, checkAuth, checkFeature, checkMeter, checkPlan,
} from './check.ts'
import { readRequestHeader } from './read-request-header.ts'
import { asRefusal, runMetered } from './run-metered.ts'

/**
 * A server action as it is written. Who passed comes first: what the browser sends fills the places behind it, so that
 * no browser can say who passed.
 */
export type Action<Passed extends Pass, Values extends readonly unknown[], Answer> = (
  passed: Passed,
  ...values: Values
) => Promise<Answer>

/** A refused action's answer; tell it apart by `'problem' in answer`. */
export interface ActionRefusal {
  readonly problem: Problem
}

/** A server action as it is exported, from a file that says `'use server'`. */
export type GuardedAction<Values extends readonly unknown[], Answer> = (
  ...values: Values
) => Promise<Answer | ActionRefusal>

/** Runs `action` for a valid token alone; with `role`, for that role in the active organization. */
export function requireAuthInAction<C extends Catalog, Values extends readonly unknown[], Answer>(
  farebox: Farebox<C>,
  action: Action<Pass, Values, Answer>,
  options: AuthOptions = {},
): GuardedAction<Values, Answer> {
  return guardAction(checkAuth(farebox, options), action)
}

/** Runs `action` for customers of one of these plans. */
export function requirePlanInAction<C extends Catalog, Values extends readonly unknown[], Answer>(
  farebox: Farebox<C>,
  plans: PlanKeyOf<C> | readonly PlanKeyOf<C>[],
  action: Action<Pass, Values, Answer>,
): GuardedAction<Values, Answer> {
  return guardAction(checkPlan(farebox, plans), action)
}

/** Runs `action` for customers who have the feature, and something left of it where it is metered. Counts nothing. */
export function requireFeatureInAction<C extends Catalog, Values extends readonly unknown[], Answer>(
  farebox: Farebox<C>,
  feature: FeatureKeyOf<C>,
  action: Action<Pass, Values, Answer>,
): GuardedAction<Values, Answer> {
  return guardAction(checkFeature(farebox, feature), action)
}

/** Counts usage if it is allowed, then runs `action`. Usage of an action that throws is given back. */
export function withMeterInAction<C extends Catalog, Values extends readonly unknown[], Answer>(
  farebox: Farebox<C>,
  feature: MeteredKeyOf<C>,
  action: Action<MeteredPass, Values, Answer>,
  options: MeterOptions = {},
): GuardedAction<Values, Answer> {
  return guardAction(checkMeter(farebox, feature, options), action, options.countFailures)
}

function guardAction<Passed extends Pass, Values extends readonly unknown[], Answer>(
  check: Check<Passed>,
  action: Action<Passed, Values, Answer>,
  countFailures = false,
): GuardedAction<Values, Answer> {
  return async function guardedAction(...values) {
    const passed = await check(await readRequestHeader())
    if (passed.kind === 'stop') return asRefusal({ problem: passed.problem })
    return runMetered(passed, countFailures, () => action(passed, ...values))
  }
}
