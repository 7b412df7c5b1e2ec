/** English that buttons of plans and other buttons have in common. */
export const askManager = 'Ask who manages billing'

export function choosePlan(planName: string): string {
  return `Choose ${planName}`
}
