/** The parts of a billing page. */
export type DashboardSection =
  | 'notices' | 'plan' | 'period' | 'usage' | 'credits' | 'seats' | 'upcoming' | 'paymentMethods' | 'invoices' | 'planChange'

/** Texts of a billing page. */
export interface DashboardMessages {
  readonly dashboardTitle: string
  /** In place of all sections about money, for who may not manage the billing. */
  readonly restForManagers: string
  readonly sectionTitle: (section: DashboardSection) => string
}

const titles: Readonly<Record<DashboardSection, string>> = {
  notices: 'Notices', plan: 'Plan', period: 'Billing period', usage: 'Usage', credits: 'Credits', seats: 'Seats',
  upcoming: 'Next bill', paymentMethods: 'Payment method', invoices: 'Invoices', planChange: 'Change plan',
}

/** The default words. */
export const dashboardEnglish: DashboardMessages = {
  dashboardTitle: 'Billing',
  restForManagers: 'Invoices, payment and plan changes are for people who manage billing.',
  sectionTitle: (section) => titles[section],
}
