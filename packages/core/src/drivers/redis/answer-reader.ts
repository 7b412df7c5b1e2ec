import { FareboxError } from '../../errors/error.ts'

/** Reads what the script answered, value after value. */
export class AnswerReader {
  private values: readonly unknown[] = []
  private at = 0

  /** Begins with another answer. */
  open(answer: unknown): void {
    if (!Array.isArray(answer)) throw misread()
    this.values = answer
    this.at = 0
  }

  number(): number {
    const value = this.values[this.at]
    this.at += 1
    if (typeof value === 'number') return value
    // Some clients can be told to answer whole numbers as text or as bigints.
    const read = typeof value === 'string' || typeof value === 'bigint' ? Number(value) : Number.NaN
    if (!Number.isSafeInteger(read)) throw misread()
    return read
  }

  text(): string {
    const value = this.values[this.at]
    this.at += 1
    if (typeof value === 'string') return value
    // Clients that answer bytes are asked for text elsewhere; this is what remains.
    throw misread()
  }
}

export function misread(): FareboxError {
  return new FareboxError('unavailable', 'Redis gave an answer that does not fit the question', { reason: 'misread' })
}
