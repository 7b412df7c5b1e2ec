/** Texts of tables and charts of usage. */
export interface UsageTableMessages {
  readonly usageTitle: string
  /** Where nothing is counted. */
  readonly noUsage: string
  readonly columnFeature: string
  readonly columnUsed: string
  readonly columnLeft: string
  /** Below what is used: `of 500 calls`. The limit is written already, with its unit. */
  readonly ofLimit: (limit: string) => string
  readonly columnPeriod: string
  readonly columnOverage: string
  /** The title of a chart: past usage of the feature that is called `label`. */
  readonly historyTitle: (label: string) => string
  /** Where nothing has been counted yet. */
  readonly noHistory: string
  readonly download: string
}

/** The default words. */
export const usageTableEnglish: UsageTableMessages = {
  usageTitle: 'Usage',
  noUsage: 'Your plan counts nothing.',
  columnFeature: 'Feature',
  columnUsed: 'Used',
  columnLeft: 'Left',
  ofLimit: (limit) => `of\u00A0${limit}`,
  columnPeriod: 'Period from',
  columnOverage: 'Overage',
  historyTitle: (label) => `${label} over time`,
  noHistory: 'Nothing used yet.',
  download: 'Download CSV',
}
