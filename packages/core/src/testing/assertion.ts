import { type ErrorCode, isFareboxError } from '../errors/error.ts'

/** Contract suites run under any test runner, so they carry these few assertions and throw plain errors. */
export function assertThat(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what)
}

/** Whether `actual` is as `expected` says: objects may have more fields than expected, arrays may not have more items. */
export function assertMatch(actual: unknown, expected: unknown, what: string): void {
  if (!isMatch(actual, expected)) throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`)
}

/** Whether `work` fails with a FareboxError of that code. */
export async function assertRejects(work: () => unknown, code: ErrorCode, what: string): Promise<void> {
  let outcome: unknown
  try {
    outcome = await work()
  } catch (error) {
    assertThat(isFareboxError(error) && error.code === code, `${what}: expected the error ${code}, got ${String(error)}`)
    return
  }
  throw new Error(`${what}: expected the error ${code}, got ${show(outcome)}`)
}

function isMatch(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected)
  if (typeof actual !== 'object' || actual === null) return false
  if (Array.isArray(expected)) {
    const isAsLong = Array.isArray(actual) && actual.length === expected.length
    return isAsLong && expected.every((item: unknown, index) => isMatch(actual[index], item))
  }
  const fields = new Map<string, unknown>(Object.entries(actual))
  return Object.entries(expected).every(([key, value]) => isMatch(fields.get(key), value))
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}
