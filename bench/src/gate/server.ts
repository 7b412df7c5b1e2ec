// One stack in a process of its own. The parent names it in the arguments, asks how much processor time it used, and
// disconnects to end it.
import { serve } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import type { ServerReady, ServerUsage } from './gate-server.ts'
import { stacks } from './stacks.ts'

const [name, pem = ''] = process.argv.slice(2)
const stack = stacks.find((candidate) => candidate.name === name)
if (stack === undefined) throw new Error(`There is no stack ${name}`)

const app = new Hono().on('GET', ['/'], ...(await stack.build(pem)), (c: Context) => c.text('hello'))
const tell = (message: ServerReady | ServerUsage): void => void process.send?.(message)

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  tell({ cpuMicroseconds: user + system })
})
process.on('disconnect', () => process.exit())
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => tell({ port }))
