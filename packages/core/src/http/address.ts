/**
 * The one spelling of an address under which its holder is known, or `undefined` for what is no address: IPv4 as four decimal
 * numbers, also where IPv6 carries it (`::ffff:192.0.2.1`); IPv6 as its /64, which is what one subscriber is given at least
 * (RFC 6177 section 2), in the form of RFC 5952. Zones (`%eth0`) are left out. Nothing is mended: leading zeros, hexadecimal
 * or missing parts make no IPv4 address. IPv6 is read by the platform's own URL parser, which takes the text forms of
 * RFC 4291 section 2.2 alone.
 */
export function parseAddress(text: string): string | undefined {
  const address = text.trim()
  if (address.length > longestAddress) return undefined
  if (!address.includes(':')) return isFourParts(address) ? address : undefined
  const groups = groupsOf(address.replace(/%[\w.-]+$/, ''))
  if (groups === undefined) return undefined
  const [sixth = 0, high = 0, low = 0] = groups.slice(5)
  const isMapped = sixth === 0xffff && groups.slice(0, 5).every((group) => group === 0)
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  return `${hostOf(`${groups.slice(0, 4).map((group) => group.toString(16)).join(':')}::`) ?? ''}/64`
}

/** Which header field proxies write the addresses to that they saw. */
export type ForwardingField = 'x-forwarded-for' | 'forwarded'

/**
 * Who asked the outermost of `hops` proxies, as those wrote it down: each adds who asked it at the right end, so whatever a
 * client wrote there itself stays further to the left, and is not looked at. Fewer entries than proxies are no answer.
 */
export function forwardedAddress(value: string | null | undefined, field: ForwardingField, hops: number): string | undefined {
  if (value === null || value === undefined || value.length > longestField) return undefined
  const entry = (field === 'forwarded' ? entriesOf(value) : value.split(',')).at(-hops)
  const node = field === 'forwarded' ? forOf(entry ?? '') : entry
  return node === undefined ? undefined : parseAddress(withoutPort(node.trim()))
}

/** An IPv6 address, the longest of its forms, and a zone. */
const longestAddress = 64
const longestField = 8192

function isFourParts(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text)
}

/** The host as the platform writes it, without brackets. */
function hostOf(address: string): string | undefined {
  const url = `http://[${address}]/`
  return /^[\da-f:.]+$/i.test(address) && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined
}

/** The eight groups of an IPv6 address. The platform writes no dotted parts and at most one `::`. */
function groupsOf(address: string): readonly number[] | undefined {
  const host = hostOf(address)
  if (host === undefined) return undefined
  const [left = '', right = ''] = host.split('::')
  const head = left === '' ? [] : left.split(':')
  const tail = right === '' ? [] : right.split(':')
  const gap = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return [...head, ...gap, ...tail].map((group) => Number.parseInt(group, 16))
}

/** `192.0.2.1:80` and `[2001:db8::1]:80` without their ports, RFC 7239 section 6. */
function withoutPort(node: string): string {
  const bracketed = /^\[([^\]]*)\](?::\w+)?$/.exec(node)?.[1]
  return bracketed ?? /^([^:]*):\w+$/.exec(node)?.[1] ?? node
}

/** The elements of a `Forwarded` field: commas within quotes part nothing. A quote that a client left open hides what follows. */
function entriesOf(value: string): readonly string[] {
  if (!/^(?:"(?:[^"\\]|\\.)*"|[^"])*$/.test(value)) return []
  return value.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []
}

/** The `for` of a `Forwarded` element, RFC 7239 section 5.2. What is named twice, unknown or hidden is no address. */
function forOf(element: string): string | undefined {
  const found = [...element.matchAll(/(?:^|;)\s*for=(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))\s*(?=;|$)/gi)]
  const [only] = found
  return found.length === 1 ? (only?.[1] ?? only?.[2])?.replaceAll(/\\(.)/g, '$1') : undefined
}
