import type { ActingSession } from './session.ts'

export const roles = ['officer', 'signer', 'supervisor', 'administrator'] as const
export type Role = (typeof roles)[number]

/** The institution whose roles hold for the platform itself. It is not a shorthand for every institution. */
export const PLATFORM = '*'

export interface RoleHeld {
  institution: string
  role: Role
}

export function isRole(text: unknown): text is Role {
  return roles.some((role) => role === text)
}

/** Whether the person may act in one of these roles for this institution; an administrator is not thereby an officer. */
export function holdsRole(held: { roles: readonly RoleHeld[] }, institution: string, ...wanted: Role[]): boolean {
  return held.roles.some((each) => each.institution === institution && wanted.includes(each.role))
}

/** Institutions where the person holds one of these roles, each once. */
export function institutionsOf(held: { roles: readonly RoleHeld[] }, ...wanted: Role[]): string[] {
  return [...new Set(held.roles.filter(({ role }) => wanted.includes(role)).map(({ institution }) => institution))]
}

/**
 * Who may give or take a role: the platform's administrators any; an institution's own administrators the working roles
 * of that institution, not another administrator.
 */
export function mayGrant(granter: Pick<ActingSession, 'roles'>, { institution, role }: RoleHeld): boolean {
  if (holdsRole(granter, PLATFORM, 'administrator')) return true
  return role !== 'administrator' && institution !== PLATFORM && holdsRole(granter, institution, 'administrator')
}
