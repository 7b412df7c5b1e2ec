/** The API version whose shapes the simulator stores and, unless asked for another, answers. */
export const apiVersion = '2026-10-28.endive'
