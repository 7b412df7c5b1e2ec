import { PricingTable } from '@farebox/react'
import type { ReactNode } from 'react'

export default function Pricing(): ReactNode {
  return (
    <>
      <h1>As much future as you like</h1>
      <h2>Plans</h2>
      <PricingTable signInUrl="/sign-in" />
    </>
  )
}
