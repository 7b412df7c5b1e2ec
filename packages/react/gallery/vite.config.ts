import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Sources of the workspace are read through this condition.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  resolve: { conditions: ['@farebox/source', 'module', 'browser', 'import', 'default'] },
  build: { outDir: '../.gallery', emptyOutDir: true },
})
