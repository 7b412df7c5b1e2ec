import { corruptRow } from './corrupt-row.ts'
import { unescapeName } from './names.ts'

const comma = 44
const semicolon = 59
const minus = 45
const zero = 48

/** Reads the fields of a document one after the other. */
export class DocumentReader {
  private readonly text: string
  /** Where it reads on. */
  place = 0

  constructor(text: string) {
    this.text = text
  }

  isAtEnd(): boolean {
    return this.place === this.text.length
  }

  /** Steps over a comma, where there is one. */
  goesOn(): boolean {
    if (this.text.charCodeAt(this.place) !== comma) return false
    this.place += 1
    return true
  }

  /** Steps over what opens a feature. */
  open(): void {
    if (this.text.charCodeAt(this.place) !== semicolon) throw corruptRow('document')
    this.place += 1
  }

  /** The whole number behind a comma, or `empty` where nothing is written. */
  next(empty: number): number {
    if (!this.goesOn()) throw corruptRow('document')
    return this.number(empty)
  }

  /** A whole number, or `empty` where nothing is written. */
  number(empty: number): number {
    const { text } = this
    const isNegative = text.charCodeAt(this.place) === minus
    const start = isNegative ? this.place + 1 : this.place
    let at = start
    let value = 0
    for (let digit = text.charCodeAt(at) - zero; digit >= 0 && digit <= 9; digit = text.charCodeAt(at) - zero) {
      value = value * 10 + digit
      at += 1
    }
    this.place = at
    if (at > start) return isNegative ? -value : value
    if (isNegative) throw corruptRow('document')
    return empty
  }

  name(): string {
    const { text } = this
    const start = this.place
    let at = start
    while (at < text.length) {
      const unit = text.charCodeAt(at)
      if (unit === comma || unit === semicolon) break
      at += 1
    }
    if (at === start) throw corruptRow('document')
    this.place = at
    return unescapeName(text.slice(start, at))
  }
}
