import { invalidRequest } from '../errors.ts'
import { bracketName, type FormParameters, type FormValue } from '../requests/decode-form.ts'
import { endive } from './2026-09-30.endive.ts'
import { apiVersions } from './api-versions.ts'

/** Where a billing cycle begins anew: https://docs.stripe.com/changelog/endive/2026-09-30/polymorphic-billing-cycle-anchor */
const anchors: Readonly<Record<string, readonly string[]>> = {
  'subscriptions.update': ['billing_cycle_anchor'],
  'subscriptions.resume': ['billing_cycle_anchor'],
  'invoices.createPreview': ['subscription_details', 'billing_cycle_anchor'],
}

/** The parameters of a request of any API version in the form of the newest. What is only new is taken from older versions, too. */
export function upgradeRequest(given: FormParameters, operation: string, version: string): FormParameters {
  const path = anchors[operation]
  const isOld = apiVersions.findIndex((known) => known === version) < apiVersions.indexOf(endive.version)
  return path === undefined || !isOld ? given : replaceIn(given, path, (value) => anchorOf(value, path))
}

function anchorOf(value: FormValue, path: readonly string[]): FormParameters {
  if (typeof value !== 'string') throw invalidRequest('Invalid string', { param: bracketName(path) })
  return new Map(/^\d+$/.test(value) ? [['type', 'timestamp'], ['timestamp', value]] : [['type', value]])
}

function replaceIn(given: FormParameters, [name = '', ...inner]: readonly string[], change: (value: FormValue) => FormValue): FormParameters {
  const value = given.get(name)
  if (value === undefined) return given
  if (inner.length === 0) return new Map([...given, [name, change(value)]])
  return typeof value === 'string' ? given : new Map([...given, [name, replaceIn(value, inner, change)]])
}
