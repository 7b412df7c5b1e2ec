import 'vitest'

declare module 'vitest' {
  /** The servers that the tests of one run share; `null` where this machine lacks the program, or no chosen test asks. */
  interface ProvidedContext {
    /** A superuser's connection to PostgreSQL. Tests make a database or a schema of their own. */
    readonly postgresUrl: string | null
    readonly redisUrl: string | null
    /** Three masters on 127.0.0.1. */
    readonly redisClusterPorts: readonly number[] | null
  }
}
