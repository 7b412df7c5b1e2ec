import type { catalog } from '../billing.ts'

// Feature names below are those of the catalog: a wrong one does not compile. Nothing of it reaches the browser.
declare module '@farebox/react' {
  interface Register {
    catalog: typeof catalog
  }
}
