import { createRouteHandlers } from '@farebox/next'
import { farebox } from '../../../billing.ts'

export const { GET, POST, DELETE } = createRouteHandlers(farebox)
