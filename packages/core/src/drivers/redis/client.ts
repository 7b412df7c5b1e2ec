import { FareboxError } from '../../errors/error.ts'
import { isScriptUnknown } from './redis-failure.ts'

/** A `Redis` of the `ioredis` package. */
export interface IoredisClient {
  sendCommand(...never: never[]): unknown
  evalsha(sha: string, count: number, ...parts: string[]): Promise<unknown>
  eval(script: string, count: number, ...parts: string[]): Promise<unknown>
  call(command: string, ...parts: string[]): Promise<unknown>
}

/** A `Cluster` of the `ioredis` package. */
export interface IoredisClusterClient extends Pick<IoredisClient, 'sendCommand' | 'evalsha' | 'eval'> {
  nodes(role: 'master'): Pick<IoredisClient, 'call'>[]
}

interface NodeRedisScripts {
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
}

/** What `createClient()`, `createClientPool()` or `createSentinel()` of the `redis` package answers. */
export interface NodeRedisClient extends NodeRedisScripts {
  sendCommand(...never: never[]): unknown
}

/** What `createCluster()` of the `redis` package answers. */
export interface NodeRedisClusterClient extends NodeRedisScripts {
  readonly masters: readonly unknown[]
  nodeClient(node: unknown): unknown
}

/** A `Redis` of the `@upstash/redis` package, which speaks HTTP. */
export interface UpstashClient {
  pipeline(...never: never[]): unknown
  evalsha(sha: string, keys: string[], values: string[]): Promise<unknown>
  eval(script: string, keys: string[], values: string[]): Promise<unknown>
}

/** The app's own client, connected and as it is. */
export type RedisClient = IoredisClient | IoredisClusterClient | NodeRedisClient | NodeRedisClusterClient | UpstashClient

/** Asks one server something that is not about keys. */
export type AskServer = (command: readonly [string, ...string[]]) => Promise<unknown>

/** A way to run scripts, whichever client it goes through. */
export interface ScriptRunner {
  /** Keys lie in several places: those of one call must share a hash slot. */
  readonly isCluster: boolean
  /** 1 where the client has several ways to a server, for then calls that are made in an order may arrive in another. */
  readonly lanes: number
  /** @throws what the client threw. */
  run(script: Script, keys: string[], values: string[]): Promise<unknown>
  /** Every server that counts, where the client lets them be asked; empty where it does not. */
  servers(): Promise<readonly AskServer[]>
}

/** A script and the name by which the server remembers it, which is waited for until it is known. */
export interface Script {
  readonly text: string
  readonly sha: Promise<string>
  name: string | null
}

/** SHA-1 is what Redis names scripts by. */
export function scriptOf(text: string): Script {
  const sha = crypto.subtle
    .digest('SHA-1', new TextEncoder().encode(text))
    .then((digest) => Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(''))
  const script: Script = { text, sha, name: null }
  sha.then((name) => (script.name = name), () => undefined)
  return script
}

/**
 * Clients are told apart by what only they have: node-redis has `evalSha`, its cluster also `nodeClient`; ioredis has
 * `evalsha` and `sendCommand`, its cluster also `nodes`; Upstash has `evalsha` and no `sendCommand`.
 *
 * @throws FareboxError `invalid-configuration` for anything else.
 */
export function runnerOf(client: RedisClient): ScriptRunner {
  if (isNodeRedis(client)) return nodeRedisRunner(client)
  if (isIoredis(client)) return ioredisRunner(client)
  if (isUpstash(client)) return upstashRunner(client)
  const message = 'Give a Redis or Cluster of ioredis, what createClient() or createCluster() of redis answers, or a Redis of @upstash/redis'
  throw new FareboxError('invalid-configuration', 'This is no client of Redis that is known', { faults: [{ path: 'client', message }] })
}

type Send = (nameOrText: string, keys: string[], values: string[]) => Promise<unknown>

/** By its name; with its text only where the server does not know it, which also makes it known there. */
function byName(named: Send, written: Send): ScriptRunner['run'] {
  return (script, keys, values) => {
    const { name, sha, text } = script
    const answer = name === null ? sha.then((known) => named(known, keys, values)) : named(name, keys, values)
    return answer.catch((error: unknown) => {
      if (!isScriptUnknown(error)) throw error
      return written(text, keys, values)
    })
  }
}

function ioredisRunner(client: IoredisClient | IoredisClusterClient): ScriptRunner {
  const isCluster = 'nodes' in client
  return {
    isCluster,
    lanes: 2,
    run: byName(
      (sha, keys, values) => client.evalsha(sha, keys.length, ...keys, ...values),
      (text, keys, values) => client.eval(text, keys.length, ...keys, ...values),
    ),
    async servers() {
      const nodes = 'nodes' in client ? client.nodes('master') : [client]
      return nodes.map((node): AskServer => async ([command, ...parts]) => node.call(command, ...parts))
    },
  }
}

function nodeRedisRunner(client: NodeRedisClient | NodeRedisClusterClient): ScriptRunner {
  return {
    isCluster: 'nodeClient' in client,
    // A pool, or a Sentinel's.
    lanes: 'execute' in client || 'acquire' in client ? 1 : 2,
    run: byName(
      (sha, keys, values) => client.evalSha(sha, { keys, arguments: values }),
      (text, keys, values) => client.eval(text, { keys, arguments: values }),
    ),
    async servers() {
      if (!('nodeClient' in client)) return [nodeRedisServer(client)]
      const nodes: AskServer[] = []
      for (const master of client.masters) {
        const node: unknown = await client.nodeClient(master)
        nodes.push(nodeRedisServer(node))
      }
      return nodes
    },
  }
}

function nodeRedisServer(client: unknown): AskServer {
  return async (command) => {
    const send: unknown = typeof client === 'object' && client !== null ? Reflect.get(client, 'sendCommand') : undefined
    const answer: unknown = typeof send === 'function' ? await Reflect.apply(send, client, [[...command]]) : undefined
    return answer
  }
}

function upstashRunner(client: UpstashClient): ScriptRunner {
  return {
    isCluster: false,
    lanes: 1,
    run: byName(
      (sha, keys, values) => client.evalsha(sha, keys, values),
      (text, keys, values) => client.eval(text, keys, values),
    ),
    servers: async () => [],
  }
}

function isNodeRedis(client: unknown): client is NodeRedisClient | NodeRedisClusterClient {
  return hasMethods(client, ['evalSha', 'eval']) && (hasMethods(client, ['sendCommand']) || hasMethods(client, ['nodeClient']))
}

function isIoredis(client: unknown): client is IoredisClient | IoredisClusterClient {
  return hasMethods(client, ['evalsha', 'eval', 'sendCommand'])
}

function isUpstash(client: unknown): client is UpstashClient {
  return hasMethods(client, ['evalsha', 'eval', 'pipeline'])
}

function hasMethods(client: unknown, names: readonly string[]): boolean {
  return typeof client === 'object' && client !== null && names.every((name) => typeof Reflect.get(client, name) === 'function')
}
