import type { VersionStep } from './version-step.ts'

const formerModes: Readonly<Record<string, string>> = { hosted_page: 'hosted', embedded_page: 'embedded', elements: 'custom' }

/** 2026-03-25.dahlia: other names for the kinds of checkout. */
export const dahlia: VersionStep = {
  version: '2026-03-25.dahlia',
  before: {
    'checkout.session': (session) => {
      const mode = String(session['ui_mode'])
      return { ...session, ui_mode: formerModes[mode] ?? session['ui_mode'] }
    },
  },
}
