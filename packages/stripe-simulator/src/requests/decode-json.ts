import { invalidRequest } from '../errors.ts'
import type { FormParameters, FormValue } from './decode-form.ts'

/** Decodes the JSON object that requests to `/v2/` carry, into the form that parameters are read from; null clears a value. */
export function decodeJson(text: string): FormParameters {
  if (text.trim() === '') return new Map()
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return branchOf(body)
  } catch {
    // Answered below: whatever is wrong with the text, the caller has to send an object.
  }
  throw invalidRequest('The request body must be a JSON object.')
}

function branchOf(value: object): FormParameters {
  return new Map(Object.entries(value).map(([name, nested]) => [name, formValue(nested)]))
}

function formValue(value: unknown): FormValue {
  if (typeof value === 'string') return value
  if (typeof value === 'object') return value === null ? '' : branchOf(value)
  return JSON.stringify(value)
}
