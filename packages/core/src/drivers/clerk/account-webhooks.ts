import * as z from 'zod/mini'
import { FareboxError } from '../../errors/error.ts'
import type { AccountEvent, AccountWebhooks } from '../../ports/auth.ts'
import { installed } from './installed.ts'

const text = z.nullish(z.string())
const id = z.string().check(z.regex(/^(user|org)_\w{1,200}$/))
const deleted = z.object({ id })
const organization = z.object({ id, name: text })
const user = z.object({
  id,
  first_name: text,
  last_name: text,
  primary_email_address_id: text,
  email_addresses: z.nullish(z.array(z.object({ id: text, email_address: z.string() }))),
})

const longestType = 100

/** In characters. Stripe refuses a longer name of a customer, and with it the address beside it. */
const longestName = 256

/**
 * Reads Clerk's webhooks, which Svix signs: the signature over the raw bytes and a time within five minutes are
 * checked by `@clerk/backend` before anything is parsed. What Farebox itself wrote into metadata comes back as
 * `user.updated` or `organization.updated` and is ignored, as is all that is not about an account's birth or end.
 */
export function createAccountWebhooks(signingSecret: string): AccountWebhooks {
  return {
    async read(body, headers) {
      const { type, data } = await verify(body, headers, signingSecret)
      switch (type) {
        case 'user.created':
          return userCreated(parse(user, data))
        case 'organization.created': {
          const { id: customer, name } = parse(organization, data)
          return { kind: 'created', customer, email: null, name: nameOf([name]) }
        }
        case 'user.deleted':
        case 'organization.deleted':
          return { kind: 'deleted', customer: parse(deleted, data).id }
        default:
          return { kind: 'ignored', type: String(type).slice(0, longestType) }
      }
    },
  }
}

function userCreated(data: z.infer<typeof user>): AccountEvent {
  const primary = data.email_addresses?.find((address) => address.id === data.primary_email_address_id)
  return { kind: 'created', customer: data.id, email: primary?.email_address ?? null, name: nameOf([data.first_name, data.last_name]) }
}

function nameOf(parts: readonly (string | null | undefined)[]): string | null {
  const name = Array.from(parts.filter(Boolean).join(' ')).slice(0, longestName).join('')
  return name === '' ? null : name
}

async function verify(
  body: Uint8Array<ArrayBuffer>,
  headers: Headers,
  signingSecret: string,
): Promise<{ readonly type: unknown; readonly data: unknown }> {
  const { verifyWebhook } = await installed(import('@clerk/backend/webhooks'))
  try {
    const signed = ['svix-id', 'svix-timestamp', 'svix-signature'].map((name) => [name, headers.get(name) ?? ''] as const)
    const request = new Request('https://webhook.invalid', { method: 'POST', headers: Object.fromEntries(signed), body })
    return await verifyWebhook(request, { signingSecret })
  } catch {
    throw new FareboxError('invalid-signature', 'The delivery is not signed by Clerk, or too old')
  }
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, data: unknown): z.infer<Schema> {
  const result = z.safeParse(schema, data)
  if (result.success) return result.data
  throw new FareboxError('invalid-request', 'The delivery is signed, but not in the shape that Clerk documents', {
    faults: result.error.issues.map((issue) => ({ path: ['data', ...issue.path].join('.'), message: issue.code })),
  })
}
