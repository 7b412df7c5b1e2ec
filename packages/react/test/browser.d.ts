/// <reference types="@vitest/browser-playwright" />
/// <reference types="vite/client" />

declare module '*.css'

declare module '*/tools/chromium.mjs' {
  export function findChromium(): string | undefined
  export const chromiumArguments: string[]
}
