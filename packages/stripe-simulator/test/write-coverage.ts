import { writeFileSync } from 'node:fs'
import { describeCoverage } from './describe-coverage.ts'

writeFileSync(new URL('../COVERAGE.md', import.meta.url), describeCoverage())
