import { invalidRequest } from '../../errors/error.ts'

/** The longest customer id that is accepted. */
const longestId = 255

/**
 * Halves of a surrogate pair are refused with the control characters: UTF-8 has none, so two ids would become one.
 *
 * @throws FareboxError `invalid-request` unless `id` is a string of 1 to 255 characters of text.
 */
export function checkId(id: unknown, path: string): string {
  if (typeof id === 'string' && isId(id)) return id
  throw invalidRequest('The id is not valid', path, `Give a string of 1 to ${longestId} characters, none of them a control character or half of one`)
}

/** Whether a customer can have this id: what somebody wrote to Stripe need not be one. */
export function isId(id: string): boolean {
  return id.length > 0 && id.length <= longestId && isText(id)
}

/** Most ids are printable ASCII, which is told without a regular expression. */
function isText(id: string): boolean {
  for (let index = 0; index < id.length; index += 1) {
    const unit = id.charCodeAt(index)
    if (unit < 0x20 || unit > 0x7e) return !/[\p{Cc}\p{Cs}]/u.test(id)
  }
  return true
}
