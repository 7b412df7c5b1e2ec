import { escapeName } from '../../storage/rows/names.ts'

const braces = /[{}]/g

/** Most names: nothing in them has to be escaped. */
const plain = /^[\w:.\-+@ ]*$/

/** What a customer's keys have in common. The braces are the hash tag: all keys of a customer lie in one slot. */
export function documentKey(prefix: string, customer: string): string {
  return plain.test(customer) ? `${prefix}{${customer}}` : `${prefix}{${escapeTag(customer)}}`
}

/** The key under which a consumption's idempotency key is remembered. */
export function keyOfKey(document: string, key: string): string {
  return `${document}:k${plain.test(key) ? key : escapeName(key)}`
}

function escapeTag(customer: string): string {
  return escapeName(customer).replace(braces, (unit) => (unit === '{' ? '%007b' : '%007d'))
}

/** Adds the keys that hold what few customers have: reservations, their order in time, counters of past periods. */
export function addSideKeys(keys: string[], document: string): void {
  keys.push(`${document}:r`, `${document}:z`, `${document}:h`)
}

const slots = 16_384
const polynomial = 0x1021
const encoder = new TextEncoder()

const table: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 8
  for (let bit = 0; bit < 8; bit += 1) remainder = (remainder << 1) ^ (remainder & 0x8000 ? polynomial : 0)
  return remainder & 0xffff
})

/**
 * The hash slot of a key with a tag: CRC16 (XMODEM) of what is between the braces.
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
 */
export function slotOf(document: string): number {
  return slotOfTag(document.slice(document.indexOf('{') + 1, document.lastIndexOf('}')))
}

const tags = new Map<number, number>()
let nextTag = 0

/** The first whole number that is a tag of the slot. */
export function tagOfSlot(slot: number): number {
  for (; !tags.has(slot); nextTag += 1) {
    const met = slotOfTag(`${nextTag}`)
    if (!tags.has(met)) tags.set(met, nextTag)
  }
  return tags.get(slot) ?? 0
}

function slotOfTag(tag: string): number {
  let remainder = 0
  for (const byte of encoder.encode(tag)) remainder = ((remainder << 8) & 0xffff) ^ (table[((remainder >> 8) ^ byte) & 0xff] ?? 0)
  return remainder % slots
}
