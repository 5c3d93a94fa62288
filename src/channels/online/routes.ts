import type { FastifyInstance } from 'fastify'
import type { PageAssets } from '#web/layout.ts'
import { openPageCache } from '#web/page-cache.ts'
import type { ShopParts } from '../shop-parts.ts'
import { accountRoutes } from './account-routes.ts'
import { caseRoutes } from './case-routes.ts'
import { catalogueRoutes } from './catalogue-routes.ts'
import { draftRoutes } from './draft-routes.ts'
import { informationRoutes } from './information-routes.ts'
import { mailboxRoutes } from './mailbox-routes.ts'
import { questionRoutes } from './question-routes.ts'

/** The citizen’s web. */
export function onlineRoutes(app: FastifyInstance, parts: ShopParts, assets: PageAssets): void {
  const { catalogue } = parts.cases
  const cached = openPageCache({
    assets,
    demo: parts.demo !== undefined,
    zone: catalogue.settings.zone,
    now: () => parts.clock.now(),
    generation: catalogue.generation,
  })
  catalogueRoutes(app, catalogue, cached)
  accountRoutes(app, parts)
  draftRoutes(app, parts)
  questionRoutes(app, parts)
  caseRoutes(app, parts)
  mailboxRoutes(app, parts)
  informationRoutes(app, parts)
}
