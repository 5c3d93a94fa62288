export { grantDemoRoles } from './grant-demo-roles.ts'
export { type Demo, type DemoPerson, openDemo } from './open-demo.ts'
