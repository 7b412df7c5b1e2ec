import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { relevantTypes } from '../src/drivers/stripe/parse-event.ts'

test('the README names every event type that is acted upon', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

  expect(readme).toContain('`customer.subscription.*`')
  expect([...relevantTypes].filter((type) => !readme.includes(`\`${type}\``))).toEqual([])
})
