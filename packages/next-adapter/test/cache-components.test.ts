import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApp, startApp } from './running-app.ts'
import { tokenOf } from './sign-in.ts'

let app: RunningApp

beforeAll(async () => {
  app = await startApp('cached-app')
}, 600_000)

afterAll(() => app.stop())

/** What a page sends to somebody who is signed in by a cookie, or to nobody: first what was prerendered, then what waits for the request. */
async function open(path: string, customer?: string): Promise<string> {
  const headers: Record<string, string> = customer === undefined ? {} : { cookie: `session=${await tokenOf(customer)}` }
  const response = await fetch(`${app.url}${path}`, { headers })
  expect(response.status).toBe(200)
  // React marks where texts meet.
  return (await response.text()).replaceAll('<!-- -->', '')
}

describe('with cacheComponents', () => {
  test('a page with a provider is prerendered, and each is sent their own numbers behind it', async () => {
    const [ann, bob, nobody] = [await open('/billing', 'ann'), await open('/billing', 'bob'), await open('/billing')]
    const places = ['<h1>Billing</h1>', '<p>wait</p>', 'data-plan="free">Free</span>'].map((part) => ann.indexOf(part))
    expect(places.every((place) => place > 0)).toBe(true)
    expect(places).toEqual(places.toSorted((one, other) => one - other))
    expect([ann.includes(String.raw`\"ann\"`), ann.includes(String.raw`\"bob\"`)]).toEqual([true, false])
    expect([bob.includes(String.raw`\"ann\"`), bob.includes(String.raw`\"bob\"`)]).toEqual([false, true])
    expect(nobody).toContain('Loading…')
    expect(nobody).not.toContain('data-plan')
  })

  test('a guarded page below a boundary is for who may see it, and leads a visitor to the sign-in', async () => {
    expect(await open('/reports/7', 'ann')).toContain('<p>report 7 of ann</p>')
    const closed = await open('/reports/7')
    expect(closed).toContain('content="1;url=/sign-in"')
    expect(closed).not.toContain('report ')
  })

  test('a gate is a boundary of its own, and is decided for whoever asks', async () => {
    const [visitor, ann] = [await open('/gates'), await open('/gates', 'ann')]
    for (const html of [visitor, ann]) expect(html).toContain('<p>wait</p>')
    expect([visitor.includes('<p>closed</p>'), visitor.includes('behind the gate')]).toEqual([true, false])
    expect([ann.includes('<p>closed</p>'), ann.includes('<p>behind the gate</p>')]).toEqual([false, true])
  })

  test('a guard in a cached scope reaches nothing, and says what to do instead', async () => {
    expect(await open('/cached', 'ann')).not.toContain('reached')
    expect(app.log()).toContain('A guard was called in a cached scope')
    expect(app.log()).toContain('Guard outside of the cached function')
  })
})
