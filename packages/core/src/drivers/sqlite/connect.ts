import { type SqliteClient, checkClient, isSyncClient } from './client.ts'
import type { Connection } from './connection.ts'
import { LibsqlConnection } from './libsql-connection.ts'
import { SyncConnection } from './sync-connection.ts'

const known = new WeakMap<SqliteClient, Connection>()

/** The connection of a client. Stores on one client share it, with its prepared statements and its turns. */
export function connect(client: SqliteClient): Connection {
  checkClient(client)
  let connection = known.get(client)
  if (connection === undefined) {
    connection = isSyncClient(client) ? new SyncConnection(client) : new LibsqlConnection(client)
    known.set(client, connection)
  }
  return connection
}
