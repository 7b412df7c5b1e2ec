import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { overEachClient } from './store-address.ts'
import type { Call, Tally, Task, WorkerMessage, WorkerSettings } from './worker.ts'

/** A process of its own that counts on the store. */
export interface Worker {
  /** Answers when every call has ended. */
  run(task: Task): Promise<Tally>
  /**
   * Starts the calls and answers as soon as so many have ended, with those; the list grows by those that still end. All
   * of what the process could say is in it once the process was killed.
   */
  runUntil(task: Task, ended: number): Promise<readonly (Call & { readonly allowed: boolean })[]>
  /** Ends at once, without a chance to do anything more. */
  kill(): Promise<void>
  close(): Promise<void>
}

/** So many processes, each over the client after that of the one before. */
export async function startWorkers({ address, limit }: WorkerSettings, count: number): Promise<readonly Worker[]> {
  const addresses = overEachClient(address)
  const settings = Array.from({ length: count }, (_, index) => ({ address: addresses[index % addresses.length] ?? address, limit }))
  return Promise.all(settings.map(startWorker))
}

export async function startWorker(settings: WorkerSettings): Promise<Worker> {
  const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [JSON.stringify(settings)], {
    execArgv: ['--conditions=@farebox/source'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await told(child, (message) => (message.kind === 'ready' ? true : undefined))
  return {
    async run(task) {
      const finished = told(child, (message) => (message.kind === 'finished' ? message.tally : undefined))
      child.send(task)
      return finished
    },
    async runUntil(task, most) {
      const ended: (Call & { allowed: boolean })[] = []
      child.on('message', (message: WorkerMessage) => {
        const call = message.kind === 'ended' ? task.calls[message.call] : undefined
        if (call !== undefined && message.kind === 'ended') ended.push({ ...call, allowed: message.allowed })
      })
      const enough = told(child, () => (ended.length >= most ? ended : undefined))
      child.send(task)
      return enough
    },
    async kill() {
      const gone = Promise.all([once(child, 'exit'), once(child, 'disconnect')])
      child.kill('SIGKILL')
      await gone
    },
    async close() {
      if (child.connected) child.disconnect()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

/** The first thing that `pick` takes from what the process says. */
async function told<Value>(child: ChildProcess, pick: (message: WorkerMessage) => Value | undefined): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: WorkerMessage): void => {
      const value = pick(message)
      if (message.kind === 'failed') finish(() => reject(new Error(message.error)))
      else if (value !== undefined) finish(() => resolve(value))
    }
    const onExit = (code: number | null): void => finish(() => reject(new Error(`The process ended with ${code}`)))
    const finish = (then: () => void): void => {
      child.off('message', onMessage).off('exit', onExit)
      then()
    }
    child.on('message', onMessage).on('exit', onExit)
  })
}
