/**
 * Whether requests may wait for each other's calls. On Workers what a request began ends with it, unanswered, and a
 * request that only waits for another one is taken for hung: there each makes its own calls.
 * See https://developers.cloudflare.com/workers/observability/errors/
 */
export const mayShare: boolean = globalThis.navigator?.userAgent !== 'Cloudflare-Workers'
