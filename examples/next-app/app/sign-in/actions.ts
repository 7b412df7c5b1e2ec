'use server'

import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { cookie } from '../../sign-in.ts'

export async function signIn(form: FormData): Promise<void> {
  const name = form.get('name')
  if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name)) return
  ;(await cookies()).set(cookie, name, { httpOnly: true, sameSite: 'lax' })
  redirect('/')
}

export async function signOut(): Promise<void> {
  ;(await cookies()).delete(cookie)
  redirect('/sign-in')
}
