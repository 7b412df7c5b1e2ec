import { FareboxError } from '../../errors/error.ts'

/** A module of `@clerk/backend`, which the app installs itself. @throws FareboxError `invalid-configuration`. */
export async function installed<Module>(module: Promise<Module>): Promise<Module> {
  try {
    return await module
  } catch {
    throw new FareboxError('invalid-configuration', 'Install @clerk/backend, which plan claims and webhooks need', {
      reason: 'clerk-backend-missing',
    })
  }
}
