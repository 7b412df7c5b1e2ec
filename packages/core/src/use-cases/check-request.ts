import { FareboxError } from '../errors/error.ts'

/** What a caller in plain JavaScript may forget: the request itself. @throws FareboxError `invalid-request`. */
export function checkRequest<Request extends object>(request: Request): Request {
  if (typeof request === 'object' && request !== null) return request
  throw new FareboxError('invalid-request', 'There is no request', {
    faults: [{ path: 'request', message: 'Give an object, such as { customer }' }],
  })
}
