import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Sources of the workspace are read through this condition; an app of its own leaves `resolve` out.
export default defineConfig({
  root: 'dashboard',
  plugins: [react()],
  resolve: { conditions: ['@farebox/source', 'module', 'browser', 'import', 'default'] },
  build: { outDir: '../dist/dashboard', emptyOutDir: true },
})
