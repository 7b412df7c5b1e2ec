/**
 * Counters and records in this process: exact, quick, and gone with it. For development, tests and apps of one process
 * that may forget.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@farebox/core/drivers/memory'
 *
 * export const store = memoryStore()
 * ```
 *
 * @module
 */
export { memoryStore, type MemoryStoreOptions } from './memory-store.ts'
