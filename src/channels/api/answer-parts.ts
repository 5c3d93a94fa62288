import { type TSchema, Type } from '@sinclair/typebox'
import { Id } from './shapes.ts'

/** What the answers' schemas are made of. */
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const oneOf = (...values: string[]) => Type.Unsafe<string>({ type: 'string', enum: values })
export const instant = Type.String({ format: 'date-time' })
export const someInstant = nullable(instant)
export const some = nullable(Type.String())
export const someId = nullable(Id)
export const day = Type.String({ format: 'date' })
export const digest = Type.String({ pattern: '^[0-9a-f]{64}$' })
export const anything = Type.Record(Type.String(), Type.Unknown())
export const text = Type.Object({ es: Type.String(), en: Type.String() })
export const ref = (name: string) => Type.Unsafe({ $ref: `${name}#` })
export const listOf = (item: TSchema) => Type.Object({ items: Type.Array(item) })
export const pageOf = (item: TSchema) => Type.Object({ items: Type.Array(item), total: Type.Integer({ minimum: 0 }) })
