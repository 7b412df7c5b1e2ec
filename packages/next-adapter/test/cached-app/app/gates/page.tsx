import type { ReactNode } from 'react'
import { FeatureGate } from '../billing.ts'

export default function Gates(): ReactNode {
  return (
    <>
      <p>for everybody</p>
      <FeatureGate feature="exports" fallback={<p>closed</p>} loading={<p>wait</p>}>
        <p>behind the gate</p>
      </FeatureGate>
    </>
  )
}
