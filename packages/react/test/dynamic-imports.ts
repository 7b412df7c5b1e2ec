// Vitest has every dynamic import go through what its pages have, and workers have not.
Object.assign(globalThis, { __vitest_browser_runner__: { wrapDynamicImport: <Loaded,>(load: () => Loaded): Loaded => load() } })
