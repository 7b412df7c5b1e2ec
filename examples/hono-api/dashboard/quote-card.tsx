import type { Problem } from '@farebox/core/protocol'
import { type BillingClient, UpgradePrompt, readProblem } from '@farebox/react'
import { useState } from 'react'

/** Calls the metered route. A refusal explains itself, and offers what would lift it. */
export function QuoteCard({ client }: { readonly client: BillingClient }): React.ReactElement {
  const [quote, setQuote] = useState('')
  const [problem, setProblem] = useState<Problem>()

  async function ask(): Promise<void> {
    const response = await client.fetch('/api/quote')
    setProblem(response.ok ? undefined : await readProblem(response.clone()))
    if (response.ok) setQuote(quoteIn(await response.json()))
  }

  return (
    <section className="card" aria-labelledby="try">
      <div className="row">
        <h2 id="try">Try it</h2>
        <code className="quiet">GET /api/quote</code>
      </div>
      <blockquote aria-live="polite">{quote || 'Each call is counted before it is answered.'}</blockquote>
      <UpgradePrompt problem={problem} label="API calls" />
      <button type="button" className="primary" onClick={() => void ask()}>
        Get a quote
      </button>
    </section>
  )
}

function quoteIn(answer: unknown): string {
  return typeof answer === 'object' && answer !== null && 'quote' in answer ? String(answer.quote) : ''
}
