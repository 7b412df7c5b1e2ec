import type { ReactNode } from 'react'

export default function Upgrade(): ReactNode {
  return <h1>Upgrade</h1>
}
