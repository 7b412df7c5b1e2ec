/** Names that nobody can guess and nobody gave before: at least 122 random bits. */
export interface Random {
  id(): string
}

/** The platform's cryptographic source. */
export const systemRandom: Random = { id: () => crypto.randomUUID() }
