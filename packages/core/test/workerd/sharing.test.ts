import { Response } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningWorker, startWorker } from '../d1/worker.ts'

let worker: RunningWorker

const outboundService = (): Response => Response.json({ keys: [] })

beforeAll(async () => {
  worker = await startWorker(new URL('./sharing-worker.ts', import.meta.url), { name: 'app', outboundService })
})

afterAll(async () => worker.close())

describe('in workerd, where a request that waits for the I/O of another one is ended as hung', () => {
  it.each(['load', 'commit', 'join', 'share', 'verify'])('forty requests at once are each answered: %s', async (what) => {
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, async () => worker.ask(`/${what}`)))
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])
  })

  it.each(['load', 'commit', 'join', 'share', 'verify'])('a request that goes before it is answered holds up nobody: %s', async (what) => {
    await worker.ask(`/${what}?leave`)
    await worker.ask(`/${what}`)
  })
})
