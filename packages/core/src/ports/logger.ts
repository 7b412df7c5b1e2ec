/** Fields of a log line. Never a secret, a token, a signature, an e-mail address or a body. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

/** Where Farebox says what it did. `console` fits. */
export interface Logger {
  info(message: string, fields: LogFields): void
  warn(message: string, fields: LogFields): void
  error(message: string, fields: LogFields): void
}

/** Says nothing. */
export const silentLogger: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined }
