/** Counts calls that have no answer yet. */
export class UnderWay {
  private count = 0
  private onIdle: (() => void) | undefined

  enter(): void {
    this.count += 1
  }

  leave(): void {
    this.count -= 1
    if (this.count === 0) this.onIdle?.()
  }

  /** The same answer, which counts until it is there. */
  keep<Answer>(answer: Promise<Answer>): Promise<Answer> {
    this.enter()
    return answer.finally(() => this.leave())
  }

  /** Answers when nothing is under way any more. Asked once. */
  async idle(): Promise<void> {
    if (this.count > 0) await new Promise<void>((resolve) => (this.onIdle = resolve))
  }
}
