/** One customer's object, from the outside. */
export interface UsageObjectStub {
  fetch(url: string, init: { readonly method: string; readonly body: string }): Promise<UsageObjectResponse>
}

/** What an object answered, as far as it is read. */
export interface UsageObjectResponse {
  readonly ok: boolean
  json(): Promise<unknown>
}

/** The binding to the class that the Worker exports, as far as it is used: `env.USAGE`. */
export interface UsageNamespace {
  idFromName(name: string): unknown
  get(id: unknown): UsageObjectStub
}
