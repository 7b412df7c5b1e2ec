import { DatabaseSync } from 'node:sqlite'
import { migrations } from '@farebox/core/drivers/postgres'
import { migrate } from '@farebox/core/drivers/sqlite'
import { describe, expect, it } from 'vitest'
import type { ExitCode } from './command.ts'
import { main } from './main.ts'

async function run(...rawArgs: readonly string[]): Promise<{ readonly code: ExitCode; readonly printed: string; readonly complained: string }> {
  const printed: string[] = []
  const complained: string[] = []
  const terminal = { print: (text: string) => void printed.push(text), complain: (text: string) => void complained.push(text), ask: null }
  const code = await main(rawArgs, { folder: '/', environment: {}, terminal })
  return { code, printed: printed.join('\n'), complained: complained.join('\n') }
}

describe('farebox migrations', () => {
  it.each(['postgres', 'sqlite', 'd1'])('prints the SQL of %s, from the first to the last version', async (store) => {
    const { code, printed, complained } = await run('migrations', store)

    expect({ code, complained }).toEqual({ code: 0, complained: '' })
    expect(printed).toMatch(/^-- Farebox 1: .+\n\ncreate /)
    expect(printed).toContain('insert into farebox')
  })

  it('prints each statement as the driver runs it', async () => {
    const { printed } = await run('migrations', 'postgres')
    for (const { sql } of migrations) expect(printed).toContain(sql)
  })

  it.each(['sqlite', 'd1'])('prints for %s what a database takes as it is, and what migrate() takes over', async (store) => {
    const { printed } = await run('migrations', store)
    const client = new DatabaseSync(':memory:')
    client.exec(`begin; ${printed} commit;`)
    expect(await migrate(client)).toMatchObject({ version: expect.any(Number), applied: [] })
    client.close()
  })

  it('prints only what comes after a version', async () => {
    const { printed } = await run('migrations', 'postgres', '--after', '1')
    expect(printed).toContain('-- Farebox 2: ')
    expect(printed).not.toContain('-- Farebox 1: ')
    expect((await run('migrations', 'postgres', '--after', '999')).printed).toBe('-- There is no migration after 999.')
  })

  it.each([
    ['no store', []],
    ['a store without SQL', ['redis']],
    ['a name of every object', ['constructor']],
    ['two stores', ['postgres', 'sqlite']],
    ['a version with something behind it', ['postgres', '--after', '1x']],
    ['a version that is none', ['postgres', '--after', 'last']],
    ['a misspelt setting', ['postgres', '--afer', '1']],
  ])('refuses %s, and prints nothing', async (_, rawArgs) => {
    const { code, printed, complained } = await run('migrations', ...rawArgs)
    expect({ code, printed }).toEqual({ code: 1, printed: '' })
    expect(complained).toContain('The command is not understood')
  })

  it('helps', async () => {
    expect((await run('migrations', '--help')).printed).toContain('postgres, sqlite or d1')
    expect((await run('--help')).printed).toContain('migrations')
  })
})
