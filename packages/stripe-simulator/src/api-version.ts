/** The one version of the Stripe API whose shapes the simulator speaks. */
export const apiVersion = '2026-10-28.endive'
