const bearer = { security: [{ bearer: [] }] }

/** A route for whoever signed in: a person, or a company by its representative. */
export const signedIn = (schema: object) => ({
  config: { guard: 'session' as const },
  schema: { ...schema, ...bearer },
})

/** A route for public servants; of which institution and in which role, the use-case asks. */
export const servant = (schema: object) => ({ config: { guard: 'servant' as const }, schema: { ...schema, ...bearer } })
