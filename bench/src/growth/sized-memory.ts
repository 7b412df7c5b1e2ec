import { memoryStore } from '@farebox/core/drivers/memory'
import { MapCounter } from '../floors/map-counter.ts'
import { type SizedCounters, type SizedPlace, countIn, limit } from './sized-counters.ts'

/** The memory of this process. The floor is a map of windows. */
export const sizedMemory: SizedPlace = {
  async farebox() {
    return inHeap(countIn(memoryStore().usage))
  },
  async floor() {
    const counter = new MapCounter(limit)
    return inHeap(async (customers) => {
      for (const customer of customers) if (counter.take(customer) < 0) throw new Error('A count was refused')
    })
  },
}

function inHeap(count: SizedCounters['count']): SizedCounters {
  return {
    count,
    async bytes() {
      globalThis.gc?.()
      return process.memoryUsage().heapUsed
    },
    async close() {},
  }
}
