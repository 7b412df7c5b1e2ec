import type { Fault } from '@farebox/core/catalog'

/** What can be wrong with a catalog that somebody edits. */
export type FaultName =
  | 'text' | 'whole' | 'name' | 'reserved' | 'unknown' | 'noDefault' | 'manyDefaults'
  | 'defaultFree' | 'defaultSales' | 'trialPrice' | 'money' | 'steps' | 'unitPrice' | 'aboveZero'
  | 'tierCosts' | 'currencyOnce' | 'currenciesDiffer' | 'paidSeats' | 'seats' | 'unlimitedOverage' | 'noFeature'
  | 'gateForm' | 'gateLimit' | 'gateRate' | 'gateTwice' | 'gateMetered' | 'gateFeature' | 'packMetered'
  | 'packEmpty' | 'samePair' | 'prorated' | 'closed'

/** As `defineCatalog` says it. */
export const faultPatterns: Readonly<Record<FaultName, RegExp>> = {
  text: /^Give a text of 1 to (\d+) characters$/,
  whole: /^Give a whole number from (\d+) to (\d+)$/,
  name: /^Begin the name with a small letter/,
  reserved: /^Choose another name/,
  unknown: /^There is no such setting; there are (.*)$/,
  noDefault: /^Mark one plan with default/,
  manyDefaults: /^Only one plan can be the default; here are (.*)$/,
  defaultFree: /^The default plan has no prices/,
  defaultSales: /^Everybody has the default plan$/,
  trialPrice: /^A trial needs a price that follows it$/,
  money: /^Give money, such as/,
  steps: /^Give whole minor units above zero, of (\w+) in steps of (\d+)/,
  unitPrice: /^Give the price of one unit/,
  aboveZero: /^Give a price above zero$/,
  tierCosts: /^Give a tier that costs something$/,
  currencyOnce: /^Give each currency once$/,
  currenciesDiffer: /^Use the same currencies in the same order throughout a plan; here are (.*)$/,
  paidSeats: /^Seats are paid for where all prices/,
  seats: /^Give a number of seats/,
  unlimitedOverage: /^There is nothing beyond an unlimited allowance$/,
  noFeature: /^There is no such feature in the catalog$/,
  gateForm: /^Write a gate as/,
  gateLimit: /^Give a limit from 1 to (\d+) and a burst/,
  gateRate: /^Give a limit of at most one per microsecond$/,
  gateTwice: /^The gate (.*) is there twice$/,
  gateMetered: /^Only a metered feature of the catalog can have gates$/,
  gateFeature: /^The plan does not have this feature/,
  packMetered: /^Name a metered feature of the catalog$/,
  packEmpty: /^Give at least one amount$/,
  samePair: /^A pair names two different plans$/,
  prorated: /^Nothing is prorated at the end of a period/,
  closed: /^A subscription in this status never gives access$/,
}

/** What each of them is in a language; `$1` and `$2` are what it names. */
export type FaultTexts = Readonly<Record<FaultName, string>>

/** A fault in the words of a language; what only somebody who writes a catalog file can get wrong stays in English. */
export function faultText({ message }: Fault, texts: FaultTexts): string {
  const words: Readonly<Record<string, string>> = texts
  for (const [name, pattern] of Object.entries(faultPatterns)) {
    const found = pattern.exec(message)
    if (found) return (words[name] ?? message).replaceAll(/\$(\d)/g, (_, place: string) => found[Number(place)] ?? '')
  }
  return message
}
