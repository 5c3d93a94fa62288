export * from './content.ts'
export * from './form.ts'
