import { type KeyObject, randomInt, verify } from 'node:crypto'
import { canonicalJson } from '#trust/canonical-json.ts'

export type PaymentStatus = 'pending' | 'paid' | 'expired' | 'refunded'

export interface Payment {
  ownerId: string
  id: string
  draftId: string
  reference: string
  amountCents: number
  currency: string
  status: PaymentStatus
  createdAt: Date
  expiresAt: Date
  paidAt: Date | null
}

const DIGITS = 18

/** 18 random digits and two check digits (ISO 7064, MOD 97-10): one wrong digit or a swap of neighbours is always caught. */
export function newPaymentReference(): string {
  let digits = String(randomInt(1, 10))
  while (digits.length < DIGITS) digits += String(randomInt(0, 10))
  return digits + checkDigits(digits)
}

/** Spaces are how people copy it. @returns the bare digits, or undefined where they cannot be a reference of ours */
export function parsePaymentReference(text: string): string | undefined {
  const digits = text.replace(/[\s-]/g, '')
  if (!/^\d{20}$/.test(digits)) return undefined
  return BigInt(digits) % 97n === 1n ? digits : undefined
}

export function formatPaymentReference(reference: string): string {
  return reference.replace(/(\d{4})(?=\d)/g, '$1 ')
}

function checkDigits(digits: string): string {
  return String(98n - ((BigInt(digits) * 100n) % 97n)).padStart(2, '0')
}

/** What a bank may say of a reference: that it was paid, or that what was paid went back. */
const bankFormats = ['ventanilla payment 1', 'ventanilla refund 1'] as const

/** What a bank tells the shop, signed by the bank with Ed25519 over its canonical JSON. */
export interface BankMessage {
  format: (typeof bankFormats)[number]
  reference: string
  amountCents: number
  currency: string
  /** The bank's own number of the operation: one message a number. */
  operation: string
  /** When the bank took the money, or gave it back. */
  paidAt: string
}

/** @returns the message, or undefined where the signature, the shape or the encoding is not the bank's */
export function readBankMessage(text: string, signature: Uint8Array, bankKey: KeyObject): BankMessage | undefined {
  if (text.length > 2000 || !verify(null, Buffer.from(text), bankKey, signature)) return undefined
  const message = parseJson(text)
  if (!isBankMessage(message) || canonicalJson(message) !== text) return undefined
  return message
}

function isBankMessage(value: unknown): value is BankMessage {
  if (typeof value !== 'object' || value === null) return false
  const message = value as Record<string, unknown>
  return (
    Object.keys(message).length === 6 &&
    bankFormats.some((format) => format === message.format) &&
    typeof message.reference === 'string' &&
    parsePaymentReference(message.reference) === message.reference &&
    Number.isSafeInteger(message.amountCents) &&
    typeof message.currency === 'string' &&
    typeof message.operation === 'string' &&
    typeof message.paidAt === 'string' &&
    !Number.isNaN(Date.parse(message.paidAt))
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
