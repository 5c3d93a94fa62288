/** Names in certificates, tokens and containers are strangers' words: none of them moves a terminal's cursor or turns its text around. */
export const printable = (line: string): string => line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')
