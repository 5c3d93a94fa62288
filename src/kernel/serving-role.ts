import { createHmac } from 'node:crypto'
import pg from 'pg'
import { SERVING_ROLE } from './migrations.ts'

/**
 * The address the shop serves with: the same database, as the role that can neither change the schema nor the log's rows.
 * Its password follows from the owner's, so that several servers of one database agree on it without sharing a file.
 */
export async function servingUrl(ownerUrl: string): Promise<string> {
  const url = new URL(ownerUrl)
  const password = createHmac('sha256', decodeURIComponent(url.password))
    .update(`${SERVING_ROLE} of ventanilla`)
    .digest('base64url')
  url.username = SERVING_ROLE
  url.password = password
  if (!(await canConnect(url.href))) await setPassword(ownerUrl, password)
  return url.href
}

async function canConnect(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

async function setPassword(ownerUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(`alter role ${SERVING_ROLE} login password '${password}'`)
  } finally {
    await client.end()
  }
}
