import type { FastifyInstance } from 'fastify'
import type { ShopParts } from '#channels/shop-parts.ts'
import type { PageAssets } from '#web/layout.ts'

export async function webRoutes(_app: FastifyInstance, _parts: ShopParts, _assets: PageAssets): Promise<void> {}
