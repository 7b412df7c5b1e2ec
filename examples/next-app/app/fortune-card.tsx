'use client'

import type { Problem } from '@farebox/core/protocol'
import { UpgradePrompt, UsageBar, readProblem, useBilling, useUpgradePrompt } from '@farebox/react'
import { type ReactNode, useState, useTransition } from 'react'
import { drawFortune } from './actions.ts'

/** A metered action and a guarded route. A refusal explains itself, and offers what would lift it. */
export function FortuneCard(): ReactNode {
  const { client } = useBilling()
  const [lines, setLines] = useState(['Take one: it is counted before it is drawn.'])
  const [problem, setProblem] = useState<Problem>()
  const [isBusy, start] = useTransition()
  const isOffered = useUpgradePrompt({ problem }) !== undefined

  async function draw(): Promise<void> {
    const answer = await drawFortune()
    if ('problem' in answer) return setProblem(answer.problem)
    client.accept(answer.snapshot)
    show([answer.fortune])
  }

  async function openBook(): Promise<void> {
    const response = await client.fetch('/api/book')
    const refusal = await readProblem(response)
    if (refusal) setProblem(refusal)
    else show((await response.text()).split('\n'))
  }

  function show(found: readonly string[]): void {
    setProblem(undefined)
    setLines([...found])
  }

  /** One at a time. The buttons only say so: one that is disabled loses the keyboard's focus. */
  function begin(work: () => Promise<void>): void {
    if (!isBusy) start(() => work().catch(() => show(['The server cannot be reached.'])))
  }

  return (
    <section className="card">
      <div className="fortune" aria-live="polite">
        {(problem && !isOffered ? [problem.title] : lines).map((line) => <p key={line}>{line}</p>)}
      </div>
      <UpgradePrompt problem={problem} />
      <div className="row">
        <button type="button" className="primary" aria-disabled={isBusy} onClick={() => begin(draw)}>
          Draw a fortune
        </button>
        <button type="button" className="second" aria-disabled={isBusy} onClick={() => begin(openBook)}>
          Open the book
        </button>
      </div>
      <UsageBar feature="fortunes" />
    </section>
  )
}
