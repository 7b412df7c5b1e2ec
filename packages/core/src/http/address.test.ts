import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forwardedAddress, parseAddress } from './address.ts'

const group = fc.integer({ min: 0, max: 0xffff })
const groups = fc.array(fc.oneof({ weight: 2, arbitrary: group }, { weight: 1, arbitrary: fc.constant(0) }), { minLength: 8, maxLength: 8 })
const parts = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 })

function isMapped(address: readonly number[]): boolean {
  return address.slice(0, 5).every((part) => part === 0) && address[5] === 0xffff
}

/** Some spelling of an address: with or without leading zeros, in either case, with one run of zeros left out or none. */
function spelling(address: readonly number[], style: number): string {
  const written = address.map((part) => {
    const text = part.toString(16).padStart((style & 3) + 1, '0')
    return (style & 4) === 0 ? text : text.toUpperCase()
  })
  const start = address.indexOf(0)
  if ((style & 8) === 0 || start < 0) return written.join(':')
  let end = start
  while (address[end] === 0) end += 1
  return `${written.slice(0, start).join(':')}::${written.slice(end).join(':')}`
}

describe('parseAddress()', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'], ['0.0.0.0', '0.0.0.0'], ['255.255.255.255', '255.255.255.255'], [' 192.0.2.1 ', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'], ['::FFFF:c000:201', '192.0.2.1'], ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'], ['2001:DB8::1', '2001:db8::/64'], ['2001:0db8:0000:0000::', '2001:db8::/64'],
    ['::1', '::/64'], ['fe80::1%eth0', 'fe80::/64'], ['64:ff9b::192.0.2.1', '64:ff9b::/64'], ['2001:db8:0:1::', '2001:db8:0:1::/64'],
  ])('knows %s as %s', (text, address) => {
    expect(parseAddress(text)).toBe(address)
  })

  it.each([
    '', 'unknown', '_hidden', 'localhost', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.256', '0x7f.0.0.1', '127.1', '2130706433', '1.2.3.4 5.6.7.8',
    '1.2.3.4:80', '[2001:db8::1]', ':::', '2001:db8', '1::2::3', '1:2:3:4:5:6:7:8:9', '12345::', 'g::1', '::1.2.3', '::1.2.3.256', '::ffff:01.2.3.4',
    '1.2.3.', '.1.2.3.4', '1.2.3.4.', '2001:db8::1/64', '::1%', `::1%${'e'.repeat(80)}`, '::1]/@[::2', '1,2', '１.2.3.4', '1.2.3.4\u0000',
  ])('does not take %j for an address', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  it('gives all of a /64 one name, whatever its spelling, and other networks another', () => {
    fc.assert(fc.property(groups, groups, fc.nat(15), fc.nat(15), (one, other, first, second) => {
      fc.pre(!isMapped(one) && !isMapped(other))
      const name = parseAddress(spelling(one, first))
      const neighbour = [...one.slice(0, 4), ...other.slice(4)]
      fc.pre(!isMapped(neighbour))
      expect(parseAddress(spelling(neighbour, second))).toBe(name)
      const isSame = one.slice(0, 4).join() === other.slice(0, 4).join()
      expect(parseAddress(spelling(other, second)) === name).toBe(isSame)
      expect(isIPv6(name?.replace('/64', '') ?? '')).toBe(true)
    }))
  })

  it('gives IPv4 one name, also where IPv6 carries it', () => {
    fc.assert(fc.property(parts, fc.nat(7), (address, style) => {
      const [a = 0, b = 0, c = 0, d = 0] = address
      const mapped = [0, 0, 0, 0, 0, 0xffff, a * 256 + b, c * 256 + d]
      expect(parseAddress(address.join('.'))).toBe(address.join('.'))
      expect(parseAddress(spelling(mapped, style))).toBe(address.join('.'))
      expect(parseAddress(`::ffff:${address.join('.')}`)).toBe(address.join('.'))
    }))
  })

  it("never throws, and takes nothing that is no address in Node's own eyes", () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('0', '1', 'f', ':', '.', '%', '[', ']', 'x', ' ') }))
    fc.assert(fc.property(text, (value) => {
      const address = parseAddress(value)
      if (address === undefined) return
      const given = value.trim()
      expect(isIPv4(given) || isIPv6(given)).toBe(true)
    }), { numRuns: 2_000 })
  })
})

describe('forwardedAddress()', () => {
  it.each([
    ['203.0.113.7', 1, '203.0.113.7'],
    ['198.51.100.9, 203.0.113.7', 1, '203.0.113.7'],
    ['198.51.100.9, 203.0.113.7, 192.0.2.1', 2, '203.0.113.7'],
    ['203.0.113.7,192.0.2.1', 2, '203.0.113.7'],
    ['203.0.113.7:4711', 1, '203.0.113.7'],
    ['[2001:db8::7]:4711', 1, '2001:db8::/64'],
    ['2001:db8::7', 1, '2001:db8::/64'],
    ['203.0.113.7', 2, undefined],
    ['203.0.113.7, unknown', 1, undefined],
    ['203.0.113.7, ', 1, undefined],
    ['', 1, undefined],
    [null, 1, undefined],
  ])('reads X-Forwarded-For %j, %i hops, as %s', (value, hops, address) => {
    expect(forwardedAddress(value, 'x-forwarded-for', hops)).toBe(address)
  })

  // The first four are the examples of RFC 7239 sections 4 and 6.
  it.each([
    ['for="_gazonk"', 1, undefined],
    ['For="[2001:db8:cafe::17]:4711"', 1, '2001:db8:cafe::/64'],
    ['for=192.0.2.60;proto=http;by=203.0.113.43', 1, '192.0.2.60'],
    ['for=192.0.2.43, for=198.51.100.17', 1, '198.51.100.17'],
    ['for=192.0.2.43, for=198.51.100.17', 2, '192.0.2.43'],
    ['by=203.0.113.43 ; for=192.0.2.60', 1, '192.0.2.60'],
    ['for=192.0.2.43;host="a, for=1.2.3.4", for="198.51.100.17:80"', 2, '192.0.2.43'],
    ['for=192.0.2.43;host="a\\", for=1.2.3.4"', 1, '192.0.2.43'],
    ['for="\\[2001:db8::7\\]"', 1, '2001:db8::/64'],
    ['for=unknown', 1, undefined],
    ['by=192.0.2.43', 1, undefined],
    ['for=192.0.2.43;for=198.51.100.17', 1, undefined],
    ['xfor=192.0.2.43', 1, undefined],
    ['for=1.2.3.4;x=", for=203.0.113.7;proto="http"', 1, undefined],
    ['for=1.2.3.4;x="\\", for=203.0.113.7;proto="http"', 1, undefined],
    ['for=1.2.3.4;x="\\"", for=203.0.113.7;proto="http"', 1, '203.0.113.7'],
  ])('reads Forwarded %j, %i hops, as %s', (value, hops, address) => {
    expect(forwardedAddress(value, 'forwarded', hops)).toBe(address)
  })

  it('is told by the proxies, whatever a client wrote before them', () => {
    const written = fc.string({ maxLength: 60 })
    fc.assert(fc.property(written, fc.array(parts, { minLength: 1, maxLength: 4 }), (spoofed, seen) => {
      const told = seen.map((address) => address.join('.'))
      expect(forwardedAddress([spoofed, ...told].join(', '), 'x-forwarded-for', told.length)).toBe(told[0])
    }))
  })

  it('reads no field that is longer than any honest one', () => {
    expect(forwardedAddress(`${'1.2.3.4, '.repeat(2_000)}203.0.113.7`, 'x-forwarded-for', 1)).toBeUndefined()
  })
})
