import { createInterface } from 'node:readline/promises'

/** Where a command reads and writes. Findings go to the output; questions and errors go beside it. */
export interface Terminal {
  print(text: string): void
  complain(text: string): void
  /** `null` where nobody is there to be asked. */
  readonly ask: ((question: string) => Promise<string>) | null
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process
  return {
    print: (text) => stdout.write(`${text}\n`),
    complain: (text) => stderr.write(`${text}\n`),
    ask: stdin.isTTY && stderr.isTTY
      ? async (question) => {
          const reader = createInterface({ input: stdin, output: stderr })
          try {
            return await reader.question(question)
          } finally {
            reader.close()
          }
        }
      : null,
  }
}
