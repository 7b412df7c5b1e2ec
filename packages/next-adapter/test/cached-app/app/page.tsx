import type { ReactNode } from 'react'

export default function Home(): ReactNode {
  return <p>for everybody</p>
}
