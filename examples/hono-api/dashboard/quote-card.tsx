import type { Problem } from '@farebox/core/protocol'
import { type BillingClient, UpgradePrompt, readProblem, useUpgradePrompt } from '@farebox/react'
import { useState } from 'react'

/** Calls the metered route. A refusal explains itself, and offers what would lift it. */
export function QuoteCard({ client }: { readonly client: BillingClient }): React.ReactElement {
  const [quote, setQuote] = useState('Each call is counted before it is answered.')
  const [problem, setProblem] = useState<Problem>()
  const isOffered = useUpgradePrompt({ problem }) !== undefined

  async function ask(): Promise<void> {
    const response = await client.fetch('/api/quote').catch(() => undefined)
    const refusal = response && (await readProblem(response))
    setProblem(refusal)
    if (response?.ok === true) setQuote(quoteIn(await response.json()))
    else if (refusal === undefined) setQuote('The server cannot be reached.')
  }

  return (
    <section className="card" aria-labelledby="try">
      <div className="row">
        <h2 id="try">Try it</h2>
        <code className="quiet">GET /api/quote</code>
      </div>
      <blockquote aria-live="polite">{problem !== undefined && !isOffered ? problem.title : quote}</blockquote>
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
