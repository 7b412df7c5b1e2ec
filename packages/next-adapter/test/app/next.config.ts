import type { NextConfig } from 'next'

const config: NextConfig = {
  experimental: { useCache: true },
  poweredByHeader: false,
  // It is built from a copy.
  turbopack: { root: process.env['REPOSITORY'] ?? '' },
}

export default config
