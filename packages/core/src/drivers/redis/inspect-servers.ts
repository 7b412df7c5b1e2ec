import type { AskServer, ScriptRunner } from './client.ts'

const unseen = "Farebox could not look at Redis's settings: make sure that maxmemory-policy is noeviction and that the append-only file is on"

/** What about the servers' settings breaks the label, or loses more than one would think. Never fails. */
export async function inspectServers(runner: ScriptRunner): Promise<readonly string[]> {
  try {
    const servers = await runner.servers()
    if (servers.length === 0) return [unseen]
    const warnings = await Promise.all(servers.map(inspectServer))
    return [...new Set(warnings.flat())]
  } catch {
    return [unseen]
  }
}

async function inspectServer(ask: AskServer): Promise<readonly string[]> {
  const settings = new Map<string, string>()
  for (const name of ['maxmemory-policy', 'appendonly', 'appendfsync', 'save']) {
    const answer = await ask(['CONFIG', 'GET', name]).catch(() => undefined)
    const value = settingOf(answer, name)
    if (value !== undefined) settings.set(name, value)
  }
  if (settings.size < 4) return [unseen]
  return [...evictionWarnings(settings.get('maxmemory-policy')), ...persistenceWarnings(settings)]
}

/** Some clients answer a list of name and value, others an object, others a map. */
function settingOf(answer: unknown, name: string): string | undefined {
  const value: unknown = Array.isArray(answer)
    ? answer[1]
    : answer instanceof Map
      ? answer.get(name)
      : typeof answer === 'object' && answer !== null
        ? Reflect.get(answer, name)
        : undefined
  return typeof value === 'string' ? value : undefined
}

function evictionWarnings(policy: string | undefined): readonly string[] {
  if (policy === 'noeviction') return []
  return [
    `Redis may evict counters and idempotency keys (maxmemory-policy is ${policy}): set it to noeviction, and keep caches in another instance`,
  ]
}

function persistenceWarnings(settings: ReadonlyMap<string, string>): readonly string[] {
  if (settings.get('appendonly') === 'yes') {
    if (settings.get('appendfsync') === 'always') return []
    const lost = settings.get('appendfsync') === 'everysec' ? 'about the last second' : 'as much as the system had not written'
    return [`When the machine of Redis stops, ${lost} of what was counted is lost: set appendfsync to always if that is too much`]
  }
  if (settings.get('save') === '') return ['Redis forgets everything that was counted when it stops: turn the append-only file on']
  return ['When Redis stops, everything since its last snapshot is lost: turn the append-only file on']
}
