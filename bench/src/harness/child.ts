import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process that says one thing when it is ready, and answers each question with one message. */
export interface Child<Ready, Answer> {
  readonly ready: Ready
  ask(question: string | number): Promise<Answer>
  /** Ends the process, which it must understand from its parent's disconnecting. */
  close(): Promise<void>
}

/**
 * Starts a module of this package in a process of its own. What it sends is taken to be what the caller says, for both
 * ends stand here. @throws Error when it ends before it has answered; its own message stands on stderr.
 */
export async function startChild<Ready, Answer>(
  module: URL,
  parameters: readonly string[],
  options: { readonly flags?: readonly string[]; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<Child<Ready, Answer>> {
  const child = fork(fileURLToPath(module), parameters, {
    env: { ...process.env, ...options.environment },
    execArgv: [...(options.flags ?? [])],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })

  async function hear<Message>(): Promise<Message> {
    const heard = new AbortController()
    const { signal } = heard
    const ended = once(child, 'exit', { signal }).then(() => Promise.reject(new Error(`${module.pathname} has ended`)))
    try {
      const [message]: Message[] = await Promise.race([once(child, 'message', { signal }), ended])
      return message as Message
    } finally {
      heard.abort()
      ended.catch(() => undefined)
    }
  }

  return {
    ready: await hear<Ready>(),
    ask(question) {
      child.send(question)
      return hear<Answer>()
    },
    async close() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}
