import { callsSource } from './calls.ts'
import { customerStateSource } from './customer-state.ts'
import { endingsSource } from './endings.ts'
import { quickSource } from './quick.ts'
import { takeSource } from './take.ts'

/** Everything that the store asks of Redis about a customer, in one script: so all of it is one atomic step. */
export const usageScript: string = quickSource + customerStateSource + takeSource + endingsSource + callsSource + 'return out'
