// Runs one variant of one measurement. The parent tells the module that exports the measurements and the places of
// measurement and variant in the arguments, asks for runs, and disconnects to end it.
import type { IsolatedVariant, Measurement } from './isolated.ts'
import type { Sample } from './variant.ts'

const [module = '', place = '', index = ''] = process.argv.slice(2)
const { measurements }: { readonly measurements: readonly Measurement[] } = await import(module)
const make = measurements[Number(place)]?.makers[Number(index)]
if (make === undefined) throw new Error(`There is no variant ${index} of measurement ${place}`)
const variant = await make()

process.on('disconnect', () => process.exit())
process.on('message', (milliseconds) => void run(Number(milliseconds)))
const { name, goal } = variant
tell(goal === undefined ? { name } : { name, goal })

async function run(milliseconds: number): Promise<void> {
  globalThis.gc?.()
  tell(await variant.run(milliseconds))
}

function tell(message: IsolatedVariant | Sample): void {
  process.send?.(message)
}
