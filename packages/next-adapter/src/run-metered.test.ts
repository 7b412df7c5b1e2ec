import type { MeteredPass } from '@farebox/core'
import { describe, expect, test, vi } from 'vitest'
import { asRefusal, runMetered } from './run-metered.ts'

function passed() {
  const giveBack = vi.fn(async () => undefined)
  // Only what gives back is looked at.
  return { giveBack, pass: { giveBack } as Partial<MeteredPass> as MeteredPass }
}

const notFound = Object.assign(new Error('NEXT_HTTP_ERROR_FALLBACK;404'), { digest: 'NEXT_HTTP_ERROR_FALLBACK;404' })
const redirect = Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;replace;/upgrade;307;' })

describe('runMetered() gives back', () => {
  test.each([
    ['what throws', false, new Error('no'), 1],
    ['nothing of what throws and is counted', true, new Error('no'), 0],
    ['nothing of a redirect', false, redirect, 0],
    ['what was not found', false, notFound, 1],
    ['a redirect of a guard that refused', false, asRefusal(Object.assign(new Error('NEXT_REDIRECT'), { digest: redirect.digest })), 1],
    ['what a guard refused by throwing, also where failures are counted', true, asRefusal(new Error('refused')), 1],
  ])('%s', async (_, countFailures, error, times) => {
    const { giveBack, pass } = passed()
    await expect(runMetered(pass, countFailures, () => Promise.reject(error))).rejects.toBe(error)
    expect(giveBack).toHaveBeenCalledTimes(times)
  })

  test.each([
    ['nothing of an answer', false, { name: 'answer' }, 0],
    ['a failure', false, { name: 'failure' }, 1],
    ['nothing of a failure that is counted', true, { name: 'failure' }, 0],
    ['what a guard refused, also where failures are counted', true, asRefusal({ name: 'refusal' }), 1],
  ])('%s', async (_, countFailures, answer, times) => {
    const { giveBack, pass } = passed()
    expect(await runMetered(pass, countFailures, () => answer, ({ name }) => name === 'failure')).toBe(answer)
    expect(giveBack).toHaveBeenCalledTimes(times)
  })

  test('before it answers', async () => {
    const { giveBack, pass } = passed()
    const releases: ((value: undefined) => void)[] = []
    giveBack.mockImplementationOnce(() => new Promise((resolve) => void releases.push(resolve)))
    const answering = runMetered(pass, false, () => 'answer', () => true)
    const waited = new Promise((resolve) => { setImmediate(resolve, 'nothing yet') })
    expect(await Promise.race([answering, waited])).toBe('nothing yet')
    for (const release of releases) release(undefined)
    expect(await answering).toBe('answer')
  })
})
