import { callsSource } from './calls.ts'
import { customerStateSource } from './customer-state.ts'
import { endingsSource } from './endings.ts'
import { plainSource } from './plain.ts'
import { quickSource } from './quick.ts'
import { takeSource } from './take.ts'

/**
 * Everything that the store asks of Redis about a customer, in one script: so all of it is one atomic step. Each part is
 * only entered where the one before left something to do.
 */
export const usageScript: string = `${plainSource}${quickSource}${customerStateSource}${takeSource}${endingsSource}${callsSource}
end
return out`
