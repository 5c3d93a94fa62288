/** As published in the contracts: the same in the API, the command line and the pages. */
export type SignInCode =
  | 'certificate-unreadable'
  | 'not-efirma'
  | 'expired'
  | 'not-yet-valid'
  | 'unknown-authority'
  | 'revoked'
  | 'revocation-unknown'
  | 'weak-algorithm'
  | 'signature-invalid'
  | 'challenge-unknown'
  | 'challenge-expired'
  | 'challenge-used'
  | 'wrong-origin'
  | 'too-many-attempts'

/** Decided in the person's browser or program; the sentences are kept here with the others. */
export type ClientSignInCode = 'wrong-password-or-key' | 'key-mismatch'

export type IdentityCode =
  | SignInCode
  | 'not-the-signed-in-person'
  | 'email-code-wrong'
  | 'email-code-expired'
  | 'email-code-too-many'
  | 'may-not-grant'
  | 'own-role'
  | 'already-granted'
  | 'role-not-held'
  | 'account-unknown'

/** Wrong input of one field: a value, not a refusal. */
export type IdentityFieldCode = 'rfc-shape' | 'email-shape' | 'institution-shape' | 'role-unknown'
