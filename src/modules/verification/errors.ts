export type VerificationCode = 'verify-busy'
