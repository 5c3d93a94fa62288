import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

type Schema = Record<string, unknown>
interface Operation {
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>
}
export interface OpenApi {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

/**
 * Holds every answer that this process gets from a shop's API against what its OpenAPI document declares.
 * @returns what was found to differ, the operations that answered with success, and what ends the watch
 */
export function watchApi(document: OpenApi, base: string) {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addSchema(document, 'api')
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
      pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
    })),
  )
  const differs: string[] = []
  const answered = new Set<string>()
  const real = globalThis.fetch

  async function check(method: string, url: URL, response: Response): Promise<void> {
    const matching = routes.filter((each) => each.method === method && each.pattern.test(url.pathname))
    // A path in words goes before one with a parameter in its place.
    const route = matching.sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0]
    const where = `${method} ${route?.path ?? url.pathname} ${response.status}`
    if (!route) return void differs.push(`${where}: not in the document`)
    if (response.ok) answered.add(`${method} ${route.path}`)
    const code = String(response.status) in route.operation.responses ? String(response.status) : 'default'
    if (response.ok && code === 'default') return void differs.push(`${where}: only problems are declared for it`)
    const { content = {} } = route.operation.responses[code]!
    const type = (response.headers.get('content-type') ?? '').split(';')[0]!
    if (type === '' && Object.keys(content).length === 0) return
    if (!(type in content)) return void differs.push(`${where}: answers ${type}, declares ${Object.keys(content)}`)
    if (!type.endsWith('json')) return
    const pointer = ['paths', route.path, method.toLowerCase(), 'responses', code, 'content', type, 'schema']
    const validate = ajv.getSchema(
      `api#/${pointer.map((part) => encodeURIComponent(part.replaceAll('/', '~1'))).join('/')}`,
    )
    const body: unknown = await response.json()
    if (!validate?.(body)) differs.push(`${where}: ${ajv.errorsText(validate?.errors)}`)
  }

  globalThis.fetch = async (input, init) => {
    const response = await real(input, init)
    const url = new URL(String(input))
    if (url.origin === base && url.pathname.startsWith('/api/v1/'))
      await check((init?.method ?? 'GET').toUpperCase(), url, response.clone())
    return response
  }
  return {
    differs,
    answered,
    operations: routes.map(({ method, path }) => `${method} ${path}`),
    end: () => {
      globalThis.fetch = real
    },
  }
}
