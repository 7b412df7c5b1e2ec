import * as React from 'react'

/** Milliseconds in which a dialog has closed: nothing is heard of a page behind one, so what is said of it waits. */
export const closing = 100

interface ModalProps {
  readonly isOpen: boolean
  /** What people who listen are told it is about. */
  readonly label: string
  /** Escape, or whatever closed it. */
  readonly onClose: () => void
  readonly children?: React.ReactNode
}

/** A native modal dialog: the page behind it is inert, Escape closes it, and the focus returns to where it was. */
export function Modal({ isOpen, label, onClose, children }: ModalProps): React.ReactElement {
  const dialog = React.useRef<HTMLDialogElement>(null)
  React.useEffect(() => {
    const { current } = dialog
    current?.setAttribute('aria-label', label)
    if (!isOpen) current?.close()
    else {
      if (!current?.open) current?.showModal()
      // Nobody confirms with the key that opened it, or that led on to what it is about now.
      current?.focus()
    }
  }, [isOpen, label])
  return (
    <dialog ref={dialog} tabIndex={-1} data-farebox="" data-slot="dialog" onClose={onClose}>
      {isOpen && children}
    </dialog>
  )
}
