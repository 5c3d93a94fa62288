import type { DerValue } from '#trust/der/read.ts'

/** The names of the bits that are set; bits beyond the names are ignored. */
export function namedBits<T extends string>(value: DerValue, names: readonly T[]): T[] {
  const { bytes } = value.bits()
  return names.filter((_, i) => ((bytes[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0)
}
