/**
 * A built-in module of Node, or `undefined` on any other platform. Platforms that bear Node's name bring modules of their
 * own, which may behave otherwise and are not taken.
 */
export function findNodeModule(name: `node:${string}`): unknown {
  const host: unknown = Reflect.get(globalThis, 'process')
  return isNodeProcess(host) ? host.getBuiltinModule(name) : undefined
}

function isNodeProcess(host: unknown): host is { getBuiltinModule(name: string): unknown } {
  if (typeof host !== 'object' || host === null || !('getBuiltinModule' in host) || !('versions' in host)) return false
  const { getBuiltinModule, versions } = host
  if (typeof getBuiltinModule !== 'function' || typeof versions !== 'object' || versions === null) return false
  const agent = typeof navigator === 'undefined' ? 'Node.js' : navigator.userAgent
  return 'node' in versions && !('bun' in versions) && !('deno' in versions) && agent.startsWith('Node.js')
}
