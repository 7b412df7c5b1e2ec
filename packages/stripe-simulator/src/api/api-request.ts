/** One request to the API, however it came in. */
export interface ApiRequest {
  readonly method: string
  /** Where it was sent to, such as `http://127.0.0.1:12111`. */
  readonly origin: string
  readonly path: string
  /** What follows the question mark; empty without one. */
  readonly query: string
  /** By its name in lower case. */
  header(name: string): string | null
  body(): string | Promise<string>
}

/** What came in over HTTP, or through `fetch`. */
export function apiRequestOf(request: Request): ApiRequest {
  const { origin, pathname, search } = new URL(request.url)
  return {
    method: request.method,
    origin,
    path: pathname,
    query: search.slice(1),
    header: (name) => request.headers.get(name),
    body: () => request.text(),
  }
}
