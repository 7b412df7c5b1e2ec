import Link from 'next/link'
import type { ReactNode } from 'react'

export default function Home(): ReactNode {
  return (
    <nav>
      <Link href="/reports/1">Reports</Link>
      <Link href="/exports">Exports</Link>
    </nav>
  )
}
