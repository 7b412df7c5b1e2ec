import type { ReactNode } from 'react'

export default function SignIn(): ReactNode {
  return <h1>Sign in</h1>
}
