/// <reference types="@vitest/browser-playwright" />

declare module '*.css'

declare module '*/tools/chromium.mjs' {
  export function findChromium(): string | undefined
  export const chromiumArguments: string[]
}
