import { describe, expect, it } from 'vitest'
import { FareboxError } from '../errors/error.ts'
import { assertMatch, assertRejects, assertThat } from './assertion.ts'

function fail(): never {
  throw new FareboxError('unavailable', 'Down')
}

describe('assertMatch()', () => {
  it.each([
    [{ a: 1, b: 2 }, { a: 1 }],
    [[{ a: 1, b: 2 }], [{ a: 1 }]],
    [null, null],
    [Number.NaN, Number.NaN],
  ])('accepts %j as %j', (actual, expected) => {
    expect(() => assertMatch(actual, expected, 'It')).not.toThrow()
  })

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{}, { a: undefined, b: 1 }],
    [[1, 2], [1]],
    [[1], [1, 2]],
    [{ 0: 1, length: 1 }, [1]],
    [null, {}],
    [undefined, null],
    ['1', 1],
  ])('refuses %j as %j', (actual, expected) => {
    expect(() => assertMatch(actual, expected, 'It')).toThrow(/^It: expected/)
  })
})

describe('assertRejects()', () => {
  it('accepts the code, thrown now or later, and nothing else', async () => {
    await assertRejects(fail, 'unavailable', 'It')
    await assertRejects(async () => fail(), 'unavailable', 'It')
    await expect(assertRejects(fail, 'invalid-request', 'It')).rejects.toThrow(/^It: expected the error invalid-request/)
    await expect(assertRejects(() => 1, 'unavailable', 'It')).rejects.toThrow(/^It: .* got 1$/)
  })
})

it('assertThat() throws what it was told', () => {
  expect(() => assertThat(false, 'Not so')).toThrow('Not so')
  expect(() => assertThat(true, 'Not so')).not.toThrow()
})
