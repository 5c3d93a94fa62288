export type PostOfficeCode =
  | 'notice-unknown'
  | 'notice-already-opened'
  | 'notice-without-particulars'
  | 'consent-missing'
  | 'rule-not-for-this'
  | 'opening-out-of-date'
  | 'report-too-late'
  | 'consult-needed'
