import { invalidRequest } from '../errors/error.ts'

/** What a caller in plain JavaScript may forget: the request itself. @throws FareboxError `invalid-request`. */
export function checkRequest<Request extends object>(request: Request): Request {
  if (typeof request === 'object' && request !== null) return request
  throw invalidRequest('There is no request', 'request', 'Give an object, such as { customer }')
}
