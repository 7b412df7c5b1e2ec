import { callsSource } from './calls.ts'
import { customerStateSource } from './customer-state.ts'
import { operationsSource } from './operations.ts'
import { quickSource, writeSource } from './quick.ts'

/** Everything that the store asks of Redis about a customer, in one script: so all of it is one atomic step. */
export const usageScript: string = quickSource + customerStateSource + operationsSource + callsSource + writeSource
