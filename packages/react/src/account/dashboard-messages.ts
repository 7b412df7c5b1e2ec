/** The parts of a billing page. */
export type DashboardSection =
  | 'notices' | 'plan' | 'period' | 'usage' | 'credits' | 'seats' | 'upcoming' | 'paymentMethods' | 'invoices' | 'planChange'

/** Texts of a billing page. */
export interface DashboardMessages {
  readonly dashboardTitle: string
  readonly sectionTitle: (section: DashboardSection) => string
}

const titles: Readonly<Record<DashboardSection, string>> = {
  notices: 'Notices', plan: 'Plan', period: 'Billing period', usage: 'Usage', credits: 'Credits', seats: 'Seats',
  upcoming: 'Next bill', paymentMethods: 'Payment method', invoices: 'Invoices', planChange: 'Change plan',
}

/** The default words. */
export const dashboardEnglish: DashboardMessages = {
  dashboardTitle: 'Billing',
  sectionTitle: (section) => titles[section],
}
