/** What a stylesheet exports: nothing. It is imported for what it does, and found by TypeScript through this. */
export type Nothing = never
