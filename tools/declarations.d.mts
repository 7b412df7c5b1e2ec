export function declarationsOf(entries: readonly string[]): { entry: Record<string, string> }
