import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import type { ShopParts } from '../shop-parts.ts'
import { named } from './answers.ts'
import { citizenRoutes } from './citizen-routes.ts'
import { demoApiRoutes } from './demo-routes.ts'
import { officeRoutes } from './office-routes.ts'
import { openApiRoutes } from './open-routes.ts'
import { verificationRoutes } from './verification-routes.ts'

/** `/api/v1`, described by its own routes at `/api/openapi.json` (OpenAPI 3.1). */
export async function apiRoutes(app: FastifyInstance, parts: ShopParts): Promise<void> {
  await app.register(async (api) => {
    await api.register(swagger, {
      refResolver: { buildLocalReference: ({ $id }, _, __, i) => (typeof $id === 'string' ? $id : `def-${i}`) },
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Ventanilla',
          version: '1',
          description:
            'The citizen’s and the officer’s own API, over the same use-cases as the pages. Errors: application/problem+json with a `code`.',
        },
        servers: [{ url: parts.publicUrl }],
        components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      },
    })
    for (const schema of named) api.addSchema(schema)
    // The schemas of answers describe; a test holds the answers to them. They neither cut anything off nor cost a request.
    api.setSerializerCompiler(() => JSON.stringify)
    await api.register(
      async (routes) => {
        openApiRoutes(routes, parts)
        verificationRoutes(routes, parts)
        citizenRoutes(routes, parts)
        officeRoutes(routes, parts)
        if (parts.demo) demoApiRoutes(routes, parts)
      },
      { prefix: '/api/v1' },
    )
    api.get('/api/openapi.json', { config: { guard: 'open' }, schema: { hide: true } }, async () => api.swagger())
  })
}
