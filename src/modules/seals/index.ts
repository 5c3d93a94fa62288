export { keyFromPkcs8, openSeal, PLATFORM, type Seal, type SealedThing, type SealUse, type WriteUse } from './seal.ts'
export { KeyFault, keyAtHand, type SigningKey } from './signing-key.ts'
export { openUseRecord } from './use-record.ts'
