/** The parts of a ZIP file (APPNOTE.TXT 6.3, 4.3) that are read and written here. All numbers are little-endian. */
export const LOCAL_SIGNATURE = 0x04034b50
export const CENTRAL_SIGNATURE = 0x02014b50
export const DESCRIPTOR_SIGNATURE = 0x08074b50
export const END_SIGNATURE = 0x06054b50

export const LOCAL_BYTES = 30
export const CENTRAL_BYTES = 46
export const END_BYTES = 22

export const STORED = 0
export const DEFLATED = 8

/** General purpose bits (4.4.4). */
export const FLAG = { encrypted: 0x2041, level: 0x0006, descriptor: 0x0008, utf8: 0x0800 } as const

/** Date and time as MS-DOS has them, of UTC: what is written must not depend on where it is written. */
export function dosTime(at: Date): { date: number; time: number } {
  const year = Math.min(Math.max(at.getUTCFullYear(), 1980), 2107)
  return {
    date: ((year - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
  }
}
