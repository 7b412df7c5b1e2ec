import type { ReactNode } from 'react'
import { signIn } from './actions.ts'

/** The stand-in's page: your sign-in has one of its own. */
export default function SignIn(): ReactNode {
  return (
    <section className="card narrow">
      <h1>Sign in</h1>
      <p className="quiet">No password: it is a stand-in, for development alone. Every name is a customer of its own.</p>
      <form action={signIn}>
        <label htmlFor="name">Name</label>
        <input id="name" name="name" defaultValue="ada" required pattern="[\w.\-]{1,64}" title="Letters, digits, . _ or -" autoComplete="username" />
        <button type="submit" className="primary">
          Sign in
        </button>
      </form>
    </section>
  )
}
