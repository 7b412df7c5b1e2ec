import { expect, it } from 'vitest'
import { phaseItemsOf, phasesOf, valuesOf } from './schedule-phases.ts'

const price = { id: 'price_plus' }
const addOn = { id: 'price_extra' }

it('carries on what is taken off single items and how they are taxed, before the change and after it', () => {
  const items = [
    { id: 'si_1', price, quantity: 3, tax_rates: [{ id: 'txr_1' }], discounts: ['di_1', 'di_2'] },
    { id: 'si_2', price: addOn, quantity: 1, tax_rates: [], discounts: [] },
  ]
  const own = { tax_rates: ['txr_1'], discounts: [{ discount: 'di_1' }, { discount: 'di_2' }] }
  expect(phaseItemsOf(items)).toEqual([{ price: 'price_plus', quantity: 3, ...own }, { price: 'price_extra', quantity: 1 }])
  const wanted = [{ price: 'price_basic', quantity: 2 }, { price: 'price_extra', quantity: 1 }]
  expect(phaseItemsOf(items, wanted)).toEqual([{ price: 'price_basic', quantity: 2, ...own }, { price: 'price_extra', quantity: 1 }])
})

it('names all discounts of both phases, and none where there are none: then the customer\'s own count', () => {
  const planned = {
    present: [{ price: 'price_plus', quantity: 1 }],
    next: [{ price: 'price_basic', quantity: 1 }],
    until: 2_000,
    interval: 'month',
    schedule: { schedule: 'sub_sched_1', start: 1_000 },
    discounts: [{ discount: 'di_1' }, { discount: 'di_2' }],
  }
  const following = [{ discount: 'di_1' }, { promotion_code: 'promo_1' }, { coupon: 'gift' }]
  expect(phasesOf({ ...planned, following }, [])).toMatchObject({
    schedule: 'sub_sched_1', change: { phases: [{ discounts: planned.discounts }, { discounts: following }] },
  })
  expect(JSON.stringify(phasesOf({ ...planned, discounts: [], following: [] }, []))).not.toContain('discounts')
})

it('leaves trial and taxes of the present phase as they are, and settles nothing of the next one', () => {
  const present = [{ price: 'price_plus', quantity: 1 }]
  const next = [{ price: 'price_basic', quantity: 1 }]
  const taxes = { automatic_tax: { enabled: true } }
  const planned = { present, next, until: 2_000, interval: 'year', schedule: { schedule: 'sub_sched_1', start: 1_000 }, discounts: [], following: [], taxes, trialEnd: 1_500 }
  expect(phasesOf(planned, [])).toEqual({
    schedule: 'sub_sched_1',
    change: {
      end_behavior: 'release',
      proration_behavior: 'none',
      phases: [
        { items: present, start_date: 1_000, end_date: 2_000, ...taxes, trial_end: 1_500 },
        { items: next, duration: { interval: 'year', interval_count: 1 }, proration_behavior: 'none', ...taxes },
      ],
    },
  })
})

it('knows a schedule by when its present phase began, which need not be the first', () => {
  const phases = [{ start_date: 100, end_date: 200, items: [] }, { start_date: 200, end_date: 300, items: [] }]
  expect(valuesOf({ id: 'sub_sched_1', status: 'active', current_phase: { start_date: 200, end_date: 300 }, phases })).toEqual({ schedule: 'sub_sched_1', start: 200 })
  expect(valuesOf({ id: 'sub_sched_1', status: 'active', phases })).toMatchObject({ start: 100 })
})
