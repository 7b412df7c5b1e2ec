/** A day for people, such as `May 1, 2026`, of an instant in seconds. */
export function day(seconds: number): string {
  return new Date(seconds * 1000).toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' })
}

/** A link that cannot run script. */
export function safeLink(url: string): string {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : '#'
}
