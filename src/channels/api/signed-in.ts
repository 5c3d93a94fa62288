/** A route for whoever signed in: a person, or a company by its representative. */
export const signedIn = (schema: object) => ({ config: { guard: 'session' as const }, schema })
