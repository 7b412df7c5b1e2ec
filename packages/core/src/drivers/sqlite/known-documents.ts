import type { PlainCounter } from '../../ports/usage-store.ts'
import type { CustomerUsage } from '../../storage/counting/customer-usage.ts'

/** How many customers' documents are kept at hand. */
const mostKnown = 20_000

/** A document as this process has left it. */
export interface KnownDocument {
  readonly customer: string
  /** The customer as the rows name it. */
  readonly name: string
  readonly usage: CustomerUsage
  /** Features of which some counters have rows of their own. */
  readonly archived: ReadonlySet<string> | undefined
  readonly row: number
  revision: number
  /** What the text of the row says of the counter and the marker, where the two numbers stand beside it; `null` where they do not. */
  plain: PlainCounter | null
  marker: number
  /** The call that touched it last. */
  call: number
}

/** The documents of the customers who came last. */
export class KnownDocuments {
  private readonly documents = new Map<string, KnownDocument>()
  /** Goes on where it stopped: one that begins anew steps over all that were forgotten since. */
  private readonly oldest = this.documents.keys()

  find(customer: string): KnownDocument | undefined {
    return this.documents.get(customer)
  }

  keep(document: KnownDocument): void {
    this.documents.delete(document.customer)
    this.documents.set(document.customer, document)
  }

  forget(customer: string): void {
    this.documents.delete(customer)
  }

  /** Forgets those that came first, down to as many as are kept. */
  trim(): void {
    while (this.documents.size > mostKnown) {
      const { value } = this.oldest.next()
      if (value !== undefined) this.documents.delete(value)
    }
  }
}
