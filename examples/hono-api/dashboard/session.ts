/** Who is signed in, kept for this tab. A sign-in service's own client takes the place of this file. */
export interface Session {
  readonly userId: string
  readonly token: string
}

const key = 'session'

export function findSession(): Session | null {
  const stored: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null')
  return isSession(stored) ? stored : null
}

/** Signs in without a password. The server has this route only while developing. */
export async function signIn(userId: string): Promise<Session> {
  const response = await fetch('/dev/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId }),
  })
  const answer: unknown = await response.json()
  const session = { userId, ...(typeof answer === 'object' && answer) }
  if (!isSession(session)) throw new Error('Use 1 to 64 letters, digits or . _ @ -')
  sessionStorage.setItem(key, JSON.stringify(session))
  return session
}

export function signOut(): void {
  sessionStorage.removeItem(key)
}

function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false
  return 'userId' in value && typeof value.userId === 'string' && 'token' in value && typeof value.token === 'string'
}
