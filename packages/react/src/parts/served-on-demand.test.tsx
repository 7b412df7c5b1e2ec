import { renderToString } from 'react-dom/server'
import { expect, it, vi } from 'vitest'
import { BillingMock } from '../testing/index.ts'
import { servedOnDemand } from './served-on-demand.tsx'
import { Skeleton } from './skeleton.tsx'

function Greeting({ name }: { readonly name: string }) {
  return <p>Good day, {name}</p>
}

it('is sent by a server that has its code, which it asks for before the first page', async () => {
  const load = vi.fn(async () => Greeting)
  const Demanded = servedOnDemand(load, () => <Skeleton lines={4} />)
  const page = <BillingMock><Demanded name="Ada" /></BillingMock>
  expect(load).toHaveBeenCalledOnce()
  expect(renderToString(page)).toContain('data-slot="skeleton-line"')
  await expect.poll(() => renderToString(page)).toContain('Good day, <!-- -->Ada')
  expect(renderToString(page)).not.toContain('data-slot="skeleton-line"')
  expect(load).toHaveBeenCalledOnce()
})

it('is sent as what is loading by a server that cannot have its code', async () => {
  const load = vi.fn(async () => Promise.reject(new Error('no such file')))
  const Demanded = servedOnDemand<object>(load, () => <Skeleton lines={4} />)
  await Promise.resolve()
  const html = renderToString(<BillingMock><Demanded /></BillingMock>)
  expect(html).toContain('data-slot="skeleton-line"')
  expect(html).not.toContain('data-slot="error-state"')
})
