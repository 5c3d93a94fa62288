export { type Demo, type DemoPerson, openDemo } from './open-demo.ts'
