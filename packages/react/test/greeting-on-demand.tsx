import type * as React from 'react'
import { Skeleton } from '../src/parts/skeleton.tsx'

export interface GreetingProps {
  readonly name: string
}

export function Greeting({ name }: GreetingProps): React.ReactElement {
  return <p>Good day, {name}</p>
}

export const waiting = (): React.ReactElement => <Skeleton lines={4} />

export interface Load {
  readonly attempts: readonly Attempt[]
  readonly load: () => Promise<typeof Greeting>
}

interface Attempt {
  readonly come: () => void
  readonly fail: () => void
}

/** Code that comes, or fails to, when the test says so; each attempt settles once. */
export function createLoad(): Load {
  const attempts: Attempt[] = []
  const load = () =>
    new Promise<typeof Greeting>((resolve, reject) => {
      attempts.push({ come: () => resolve(Greeting), fail: () => reject(new TypeError('Failed to fetch')) })
    })
  return { attempts, load }
}
