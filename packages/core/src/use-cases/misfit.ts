import { FareboxError } from '../errors/error.ts'

/** A store that answers what nobody asked cannot be trusted with a decision. */
export function misfit({ kind }: { readonly kind: string }, asked = 'the question'): FareboxError {
  return new FareboxError('unavailable', `The usage store gave an answer that does not fit ${asked}`, { reason: kind })
}
