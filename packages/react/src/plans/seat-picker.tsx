import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type PartProps, part } from '../parts/part.tsx'
import { seatEnglish } from './seat-messages.ts'

/** Props of {@link SeatPicker}. */
export type SeatPickerProps = Omit<PartProps<number>, 'onChange'> & {
  /** How many it shows. */
  readonly value: number
  /** Is told whole numbers within the bounds alone. */
  readonly onValueChange: (value: number) => void
  /** The fewest, such as those that are held; 1 unless said otherwise. */
  readonly min?: number
  /** The most; 9999 unless said otherwise. */
  readonly max?: number
  /** Stands before the number, and is its name; `seatsLabel` of the messages unless said otherwise. */
  readonly label?: string
  /** Of the field in a form. */
  readonly name?: string
}

/** How many seats to pay for: a number with buttons for one fewer and one more. */
export function SeatPicker(props: SeatPickerProps): React.ReactElement {
  const { value, onValueChange, min = 1, max = 9999, label, name, ...rest } = props
  const { seatsLabel, fewerSeats, moreSeats } = useMessages(seatEnglish)
  const [draft, setDraft] = React.useState<string>()
  const text = label ?? seatsLabel
  const step = (by: number, words: string, sign: string) => {
    const next = Math.max(min, Math.min(value + by, max))
    const isOut = by > 0 ? value >= max : value <= min
    return (
      <button type="button" data-button="" aria-label={words} aria-disabled={isOut} onClick={() => isOut || onValueChange(next)}>{sign}</button>
    )
  }
  function type(written: string): void {
    const next = Number(written)
    setDraft(written)
    if (Number.isInteger(next) && next >= min && next <= max) onValueChange(next)
  }
  const children = [
    <span key="label" aria-hidden>{text}</span>,
    <span key="controls" data-slot="seat-controls">
      {step(-1, fewerSeats, '−')}
      <input
        type="number" aria-label={text} {...{ name, min, max }} value={draft ?? value} onBlur={() => setDraft(undefined)}
        onChange={({ target }) => type(target.value)}
      />
      {step(1, moreSeats, '+')}
    </span>,
  ]
  return part('div', rest, { 'data-farebox': '', 'data-slot': 'seat-picker', role: 'group', 'aria-label': text, children }, value)
}
