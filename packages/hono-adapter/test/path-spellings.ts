/** Ways to spell a path that some part between client and handler may read differently from another. */
export function pathSpellings(path: string): readonly string[] {
  const bare = path.slice(1)
  const [head = '', ...rest] = bare.split('/')
  const tail = rest.join('/')
  const letters = bare.split('').flatMap((letter, index) => {
    const around = (encoded: string) => `/${bare.slice(0, index)}${encoded}${bare.slice(index + 1)}`
    const code = letter.codePointAt(0) ?? 0
    const hex = code.toString(16).padStart(2, '0')
    const wide = letter === '/' ? '\u2215' : String.fromCodePoint(code + 0xfee0)
    return [around(`%${hex}`), around(`%25${hex}`), around(encodeURIComponent(wide)), around(letter.toUpperCase())]
  })
  const inserted = [
    '/', '//', '///', '\\', '/\\', '%2f', '%2F', '%5c', '%252f', '%c0%af', '%e0%80%af', '/./', '/../', '/%2e/', '/%2e%2e/', '/..;/', ';',
    ';x=1', '/;/', '%00', '%0a', '%0d%0a', '%09', '%20', '+', '.', '..', '%2e', '~', '*', '%3f', '%23', '&', '=', ':', '@', '|', '^', ',',
    '$', '!', "'", '(', '[', '{', '`', '<', '"', '\u00a0', '%u002f', '%', '%2', '%zz',
  ]
  const placed = inserted.flatMap((part) => [`/${part}${bare}`, `/${head}${part}${tail}`, `${path}${part}`])
  const extended = [
    '/', '.json', '.html', '.rsc', '.php', '/index.html', '/.', '/..', `/../${tail}`, '?', '?x', '?/', '??', '#', '#x', '?a=b#c', '?x=%00',
    '?role=admin', '?customer=org_1', '?__proto__[a]=1', ';jsessionid=1', '%3fx=1', '%23x',
  ].map((part) => `${path}${part}`)
  const origins = ['http://127.0.0.1', 'http://localhost', 'HTTP://LOCALHOST', 'http://user@localhost', 'http://evil.example.com', '*', '']
  const absolute = origins.map((origin) => `${origin}${path}`)
  const walked = [`/x/..${path}`, `/x/%2e%2e${path}`, `/${head}/x/../${tail}`, `/${head}/./${tail}`, `/..${path}`, `/%2e%2e${path}`]
  return [...new Set([path, ...letters, ...placed, ...extended, ...absolute, ...walked])]
}
