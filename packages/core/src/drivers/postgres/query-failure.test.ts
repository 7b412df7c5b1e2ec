import { describe, expect, it } from 'vitest'
import { isStatementUnknown, isTransient, isUndone, toFareboxError } from './query-failure.ts'

const failed = (code: unknown): Error => Object.assign(new Error('Key (id)=(sk_live_secret) is there already'), { code })

describe('a failure of PostgreSQL', () => {
  it.each(['22P02', '23505', '21000', '40001', '40P01', '54000'])('%s has done nothing', (code) => {
    expect(isUndone(failed(code))).toBe(true)
    expect(isUndone(toFareboxError(failed(code)))).toBe(true)
  })

  it.each(['40003', '08006', '57P01', '57P03', '53300', '58030', 'XX000', 'ECONNRESET', '2', '23505 ', '', undefined, null, 23505])(
    '%s may have done something',
    (code) => {
      expect(isUndone(failed(code))).toBe(false)
      expect(isUndone(toFareboxError(failed(code)))).toBe(false)
    },
  )

  it('is tried again only where the server has ended it for the sake of others, or lost the statement', () => {
    const codes = ['40001', '40P01', '23505', '40003', '26000', '42P05', '57014', '08006']
    expect(codes.filter((code) => isTransient(failed(code)))).toEqual(['40001', '40P01', '23505'])
    expect(codes.filter((code) => isStatementUnknown(failed(code)))).toEqual(['26000', '42P05'])
    for (const nothing of [undefined, null, '40001', 40001]) expect(isTransient(nothing) || isUndone(nothing)).toBe(false)
  })

  it('is known from Bun, which has a code of its own for whatever the server says', () => {
    const onBun = (errno: unknown): Error => Object.assign(failed('ERR_POSTGRES_SERVER_ERROR'), { errno })
    expect([isTransient(onBun('40P01')), isUndone(onBun('40P01')), isStatementUnknown(onBun('26000'))]).toEqual([true, true, true])
    expect(toFareboxError(onBun('42P01'))).toMatchObject({ code: 'invalid-configuration' })
    expect([isTransient(onBun(undefined)), isUndone(onBun('57P01')), isUndone(Object.assign(failed('ECONNREFUSED'), { errno: '40P01' }))]).toEqual([false, false, false])
  })

  it.each([
    ['42P01', 'invalid-configuration'],
    ['3F000', 'invalid-configuration'],
    ['42883', 'invalid-configuration'],
    ['42703', 'invalid-configuration'],
    ['42501', 'invalid-configuration'],
    ['25006', 'unavailable'],
    ['08006', 'unavailable'],
  ])('%s is told as %s, and none of its text', (code, expected) => {
    const cause = failed(code)
    const told = toFareboxError(cause)
    expect(told).toMatchObject({ code: expected, cause })
    expect(told.message).not.toContain('secret')
    expect(toFareboxError(told)).toBe(told)
  })
})
