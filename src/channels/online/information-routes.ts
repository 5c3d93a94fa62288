import type { FastifyInstance } from 'fastify'
import { countOverdue } from '#kernel/jobs.ts'
import { countPending } from '#modules/ledger/index.ts'
import { listOutages } from '#modules/post-office/index.ts'
import type { ShopParts } from '../shop-parts.ts'
import { accessibilityText, helpText, informationPage, type StatusData, statusPage } from './pages/information.ts'
import { privacyPage } from './pages/privacy.ts'

const open = { config: { guard: 'open' as const } }
const BEHIND_SECONDS = 10
const MOST_PENDING = 5000

/** What every public service says about itself. */
export function informationRoutes(app: FastifyInstance, { db, clock, publicUrl, cases }: ShopParts): void {
  const { settings, institutions } = cases.catalogue
  const operator = institutions.get(settings.operator)!.name
  app.get('/privacidad', open, async (_, reply) =>
    reply.page((context) => privacyPage(context, { operator, contact: settings.contact })),
  )
  app.get('/ayuda', open, async (_, reply) => reply.page(informationPage(helpText, { contact: settings.contact })))
  app.get('/accesibilidad', open, async (_, reply) => reply.page(informationPage(accessibilityText)))
  app.get('/estado', open, async (_, reply) => {
    const data = await readStatus()
    // This page speaks above all when the rest does not.
    if (!data) reply.code(503)
    return reply.page((context) => statusPage(context, data))
  })
  app.get('/.well-known/security.txt', open, async (_, reply) => {
    const expires = new Date(clock.now().getTime() + 180 * 86_400_000)
    const lines = [
      `Contact: mailto:${settings.contact}`,
      `Policy: ${publicUrl}/ayuda`,
      `Expires: ${expires.toISOString().slice(0, 10)}T00:00:00Z`,
      'Preferred-Languages: es, en',
      `Canonical: ${publicUrl}/.well-known/security.txt`,
    ]
    return reply.type('text/plain; charset=utf-8').send(`${lines.join('\n')}\n`)
  })

  /** Nothing, where the database does not answer. */
  async function readStatus(): Promise<StatusData | undefined> {
    try {
      const [pending, overdue, outages] = await Promise.all([
        countPending(db),
        countOverdue(db, clock.now(), BEHIND_SECONDS),
        listOutages(db, 20),
      ])
      return { logBehind: pending > MOST_PENDING, jobsBehind: overdue > 0, outages }
    } catch {
      return undefined
    }
  }
}
