import { useState } from 'react'
import { type Session, signIn } from './session.ts'

/** Whoever asks is whoever they say: it exists only while developing. */
export function SignIn({ onSignIn }: { readonly onSignIn: (session: Session) => void }): React.ReactElement {
  const [fault, setFault] = useState('')

  async function submit(data: FormData): Promise<void> {
    const userId = data.get('userId')
    try {
      onSignIn(await signIn(typeof userId === 'string' ? userId : ''))
    } catch (error) {
      setFault(error instanceof SyntaxError || !(error instanceof Error) ? 'The server has no sign-in' : error.message)
    }
  }

  return (
    <section className="card narrow">
      <h1>Sign in</h1>
      <p className="quiet">No password while developing. Every name is a customer of its own.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit(new FormData(event.currentTarget))
        }}
      >
        <label htmlFor="userId">Name</label>
        <input id="userId" name="userId" defaultValue="demo" required maxLength={64} autoComplete="username" aria-describedby="fault" />
        <output id="fault" className="fault">
          {fault}
        </output>
        <button type="submit" className="primary">
          Sign in
        </button>
      </form>
    </section>
  )
}
