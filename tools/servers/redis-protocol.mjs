import { connect } from 'node:net'

/**
 * One command over one connection, for setting servers up: answers the reply as text, without its type and
 * length; nothing reads as empty.
 *
 * @param {number} port
 * @param {readonly string[]} command
 * @returns {Promise<string>}
 */
export function askRedis(port, command) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.setTimeout(60_000, () => socket.destroy(new Error(`Redis on port ${port} did not answer`)))
    socket.once('error', reject)
    let answer = ''
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text
      const reply = parseReply(answer)
      if (reply === undefined) return
      socket.destroy()
      if (answer.startsWith('-')) reject(new Error(`Redis refused ${command[0]}: ${reply}`))
      else resolve(reply)
    })
    const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`)
    socket.write(`*${command.length}\r\n${parts.join('')}`)
  })
}

/**
 * @param {string} answer
 * @returns {string | undefined} `undefined` while it is not whole
 */
function parseReply(answer) {
  const end = answer.indexOf('\r\n')
  if (end === -1) return undefined
  const line = answer.slice(1, end)
  if (!answer.startsWith('$')) return line
  if (line === '-1') return ''
  const body = answer.slice(end + 2)
  return Buffer.byteLength(body) >= Number(line) + 2 ? body.slice(0, -2) : undefined
}
