export { type Asking, askAuthority, checkAnswer, NoStamp, post } from './ask-authority.ts'
export { type AuthorityParts, openTimestampAuthority, type TimestampAuthority } from './authority.ts'
export { type ClockDoubt, type ClockTrust, demoClockTrust, watchClock } from './clock-trust.ts'
export { openStamping, type StampDigest } from './open-stamping.ts'
export {
  ownSource,
  type Purpose,
  plainSource,
  purposes,
  readTimestampSources,
  type TimestampSource,
} from './read-sources.ts'
export { tryKey } from './try-key.ts'
