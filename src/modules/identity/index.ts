export type { Account, Person } from './account.ts'
export { type Added, addAuthorities, type GivenFile } from './add-authorities.ts'
export {
  type Authorities,
  type Authority,
  addAuthority,
  loadAuthorities,
  mirrorTrustDir,
  readAuthorityFolder,
  trustDemo,
} from './authorities.ts'
export { checkSigner, type Signer } from './check-signer.ts'
export { certificatesOf, completeSignIn, type SignedIn, type SignInAnswer } from './complete-sign-in.ts'
export { CODE_MINUTES, confirmContactEmail, contactEmailOf, readAddress, setContactEmail } from './contact-email.ts'
export { type CurpReading, readCurp } from './curp.ts'
export { type EndedSession, readEndedSession } from './ended-session.ts'
export type { ClientSignInCode, IdentityCode, IdentityFieldCode, SignInCode } from './errors.ts'
export { type AccountQuery, admitFromCertificate, findAccount, readAccount } from './find-account.ts'
export {
  grantAsOperator,
  grantRole,
  holdersOf,
  type RoleAct,
  type RoleHolder,
  rolesOf,
  withdrawRole,
} from './grant-role.ts'
export { type HeldLists, openListsOf } from './held-lists.ts'
export type { IdentityParts, LedgerSeam, MailSender, SignInLimits } from './identity-parts.ts'
export {
  type CertificateJudge,
  type Identified,
  identifyCertificate,
  openCertificateJudge,
  type RevocationFinding,
} from './judge-certificate.ts'
export { acceptPrivacyNotice } from './privacy-notice.ts'
export {
  issuerFolders,
  type RevocationSource,
  type RevocationSources,
  readRevocationSources,
} from './revocation-sources.ts'
export { type RfcReading, readRfc } from './rfc.ts'
export { holdsRole, institutionsOf, isRole, mayGrant, PLATFORM, type Role, type RoleHeld, roles } from './role.ts'
export { type ActingSession, type ContactEmail, IDLE_MINUTES, LONGEST_HOURS, type SessionWarning } from './session.ts'
export { readSession, signOut, signOutEverywhere } from './sessions.ts'
export { type StartedSignIn, startSignIn } from './start-sign-in.ts'
export { sweepSignIns } from './sweep-sign-ins.ts'
export { identityTexts, sayIdentity } from './texts.ts'
export {
  type DataGatherer,
  type DataQuestion,
  type DataWait,
  type GatheredData,
  openDataGatherer,
} from './validation-data.ts'
