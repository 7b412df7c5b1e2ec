import { createBearerTokens, users } from '../fixtures/bearer-tokens.ts'
import { startGateServer } from '../gate/gate-server.ts'
import { load } from '../gate/load.ts'
import { type Stack, stacks } from '../gate/stacks.ts'
import type { Group, Variant } from '../harness/variant.ts'

/** A route behind a whole gate, over HTTP: who is asking, may they, how often, how much. */
export async function* gateGroups(): AsyncGenerator<Group> {
  const { tokens, pem } = await createBearerTokens('RS256')
  const [token = ''] = tokens
  const start = async ({ goal, ...stack }: Stack) => {
    const server = await startGateServer(stack, pem, token)
    const variant: Variant = {
      name: stack.name,
      ...(goal === undefined ? {} : { goal }),
      run: (milliseconds) => load(server, tokens, milliseconds),
    }
    return { server, variant }
  }
  const [bare, ...others] = stacks
  const floor = await start(bare)
  const rest: Awaited<ReturnType<typeof start>>[] = []
  for (const stack of others) rest.push(await start(stack))
  yield {
    title: `A gate over HTTP, ${users} users, 64 connections`,
    variants: [floor.variant, ...rest.map(({ variant }) => variant)],
    // A server answers some tens of thousands of requests before the compiler has settled.
    scale: { run: 3, warmUp: 10 },
    async close() {
      for (const { server } of [floor, ...rest]) await server.close()
    },
  }
}
