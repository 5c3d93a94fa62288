import type { FastifyInstance } from 'fastify'
import { demoRoutes } from '#channels/demo/routes.ts'
import { officeRoutes } from '#channels/office/routes.ts'
import { onlineRoutes } from '#channels/online/routes.ts'
import { verifyRoutes } from '#channels/open/routes.ts'
import type { ShopParts } from '#channels/shop-parts.ts'
import type { PageAssets } from '#web/layout.ts'

/** Every channel that is made of pages. */
export function webRoutes(app: FastifyInstance, parts: ShopParts, assets: PageAssets): void {
  onlineRoutes(app, parts, assets)
  officeRoutes(app, parts)
  demoRoutes(app, parts)
  verifyRoutes(app, parts)
}
