import { isPromise } from './is-promise.ts'

/** Fields of a log line. Never a secret, a token, a signature, an e-mail address or a body. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

/** Where Farebox says what it did. `console` fits. */
export interface Logger {
  info(message: string, fields: LogFields): void
  warn(message: string, fields: LogFields): void
  error(message: string, fields: LogFields): void
}

/** Writes to the host's logger, where there is one. It never throws, now or later: nothing depends on a line that could not be written. */
export function createLogger(host: Logger | undefined): Logger {
  const writer = (level: keyof Logger): Logger['info'] => (message, fields) => {
    try {
      const written: unknown = host?.[level](message, fields)
      if (isPromise(written)) written.catch(() => undefined)
    } catch {
      // There is nowhere left to say it.
    }
  }
  return { info: writer('info'), warn: writer('warn'), error: writer('error') }
}
