import koffi from 'koffi'
import {
  CKF_OS_LOCKING_OK,
  CKF_SERIAL_SESSION,
  CKR_CRYPTOKI_ALREADY_INITIALIZED,
  CKR_OK,
  CKR_USER_ALREADY_LOGGED_IN,
  CryptokiError,
} from './constants.ts'

/** One attribute of a template: a number is a CK_ULONG. */
export type Attribute = [type: number, value: number | Uint8Array]

export interface Mechanism {
  type: number
  parameter?: Uint8Array
}

export interface TokenInfo {
  slot: bigint
  label: string
  flags: number
}

/** The calls of PKCS #11 that signing needs, of one module. @throws CryptokiError with what the module answered */
export interface Cryptoki {
  /** Slots with a token in them. */
  tokens(): TokenInfo[]
  openSession(slot: bigint): bigint
  /** Already logged in is as good. */
  login(session: bigint, user: number, pin: string | undefined): void
  /** At most `most` handles of objects that match. */
  find(session: bigint, template: Attribute[], most: number): bigint[]
  /** Undefined where the object does not have it, or does not tell. */
  attribute(session: bigint, object: bigint, type: number): Buffer | undefined
  sign(session: bigint, mechanism: Mechanism, key: bigint, data: Uint8Array, whenAsked?: () => void): Buffer
}

/** Places in CK_FUNCTION_LIST, behind its version. A module need not export any function but C_GetFunctionList. */
const PLACES = {
  C_Initialize: 0,
  C_GetSlotList: 4,
  C_GetTokenInfo: 6,
  C_OpenSession: 12,
  C_Login: 18,
  C_GetAttributeValue: 24,
  C_FindObjectsInit: 26,
  C_FindObjects: 27,
  C_FindObjectsFinal: 28,
  C_SignInit: 42,
  C_Sign: 43,
} as const
type Call = keyof typeof PLACES

const WORD = 8
/** CK_TOKEN_INFO on a 64-bit Unix: label 32, maker 32, model 16, serial 16, flags 8, then counters and versions. */
const TOKEN_INFO_BYTES = 208
const FLAGS_AT = 96
const LARGEST_ATTRIBUTE = 1 << 20
const LARGEST_SIGNATURE = 1 << 14
const MOST_SLOTS = 1024

const PROTOTYPES: Record<Call, string> = {
  C_Initialize: 'ulong C_Initialize(void *args)',
  C_GetSlotList: 'ulong C_GetSlotList(uchar present, void *list, void *count)',
  C_GetTokenInfo: 'ulong C_GetTokenInfo(uint64_t slot, void *info)',
  C_OpenSession: 'ulong C_OpenSession(uint64_t slot, uint64_t flags, void *application, void *notify, void *session)',
  C_Login: 'ulong C_Login(uint64_t session, uint64_t user, void *pin, uint64_t length)',
  C_GetAttributeValue: 'ulong C_GetAttributeValue(uint64_t session, uint64_t object, void *template, uint64_t count)',
  C_FindObjectsInit: 'ulong C_FindObjectsInit(uint64_t session, void *template, uint64_t count)',
  C_FindObjects: 'ulong C_FindObjects(uint64_t session, void *objects, uint64_t most, void *count)',
  C_FindObjectsFinal: 'ulong C_FindObjectsFinal(uint64_t session)',
  C_SignInit: 'ulong C_SignInit(uint64_t session, void *mechanism, uint64_t key)',
  C_Sign: 'ulong C_Sign(uint64_t session, void *data, uint64_t length, void *signature, void *signatureLength)',
}

/** @throws Error where the module cannot be loaded, CryptokiError where it does not start */
export function loadCryptoki(module: string): Cryptoki {
  const call = bind(module)
  call('C_Initialize', [initializeArguments()], CKR_CRYPTOKI_ALREADY_INITIALIZED)
  return {
    tokens: () => slotsOf(call).map((slot) => tokenInfo(call, slot)),
    openSession(slot) {
      const session = Buffer.alloc(WORD)
      call('C_OpenSession', [slot, CKF_SERIAL_SESSION, null, null, session])
      return session.readBigUInt64LE()
    },
    login(session, user, pin) {
      const bytes = pin === undefined ? null : Buffer.from(pin, 'utf8')
      call('C_Login', [session, user, bytes, bytes?.length ?? 0], CKR_USER_ALREADY_LOGGED_IN)
    },
    find: (session, template, most) => find(call, session, template, most),
    attribute: (session, object, type) => readAttribute(call, session, object, type),
    sign(session, mechanism, key, data, whenAsked) {
      const { bytes, lent } = mechanismOf(mechanism)
      lend(lent, () => call('C_SignInit', [session, bytes, key]))
      whenAsked?.()
      const signature = Buffer.alloc(LARGEST_SIGNATURE)
      const length = word(signature.length)
      call('C_Sign', [session, Buffer.from(data), data.length, signature, length])
      return signature.subarray(0, Number(length.readBigUInt64LE()))
    },
  }
}

type Caller = (name: Call, args: unknown[], alsoGood?: number) => void

function bind(module: string): Caller {
  if (process.platform === 'win32' || !['x64', 'arm64'].includes(process.arch))
    throw new Error('PKCS #11 is used on 64-bit Linux and macOS only')
  // The module brings a cryptographic library of its own: it must find its functions, not those of this process.
  const library = koffi.load(module, { deep: process.platform === 'linux' })
  const list: [bigint | null] = [null]
  const rv = library.func('ulong C_GetFunctionList(_Out_ void **list)')(list)
  if (rv !== CKR_OK || !list[0]) throw new CryptokiError('C_GetFunctionList', rv)
  const pointers = koffi.decode(list[0], WORD, 'void *', 44) as bigint[]
  const functions = new Map<Call, (...args: unknown[]) => number>()
  for (const [name, place] of Object.entries(PLACES) as Array<[Call, number]>)
    functions.set(name, koffi.decode(pointers[place], koffi.proto(PROTOTYPES[name])))
  return (name, args, alsoGood) => {
    const answer = Number(functions.get(name)!(...args))
    if (answer !== CKR_OK && answer !== alsoGood) throw new CryptokiError(name, answer)
  }
}

/** CK_C_INITIALIZE_ARGS without functions of ours: the module may use the system's locks. */
function initializeArguments(): Buffer {
  const bytes = Buffer.alloc(6 * WORD)
  bytes.writeBigUInt64LE(BigInt(CKF_OS_LOCKING_OK), 4 * WORD)
  return bytes
}

function slotsOf(call: Caller): bigint[] {
  const count = word(MOST_SLOTS)
  const list = Buffer.alloc(MOST_SLOTS * WORD)
  call('C_GetSlotList', [1, list, count])
  return words(list, Number(count.readBigUInt64LE()))
}

function tokenInfo(call: Caller, slot: bigint): TokenInfo {
  const info = Buffer.alloc(TOKEN_INFO_BYTES)
  call('C_GetTokenInfo', [slot, info])
  return {
    slot,
    label: info.subarray(0, 32).toString('utf8').trimEnd(),
    flags: Number(info.readBigUInt64LE(FLAGS_AT)),
  }
}

function find(call: Caller, session: bigint, attributes: Attribute[], most: number): bigint[] {
  const { bytes, lent } = templateOf(attributes)
  lend(lent, () => call('C_FindObjectsInit', [session, bytes, attributes.length]))
  try {
    const handles = Buffer.alloc(most * WORD)
    const count = word(0)
    call('C_FindObjects', [session, handles, most, count])
    return words(handles, Number(count.readBigUInt64LE()))
  } finally {
    call('C_FindObjectsFinal', [session])
  }
}

/** CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID: no value, and no fault. */
const NO_VALUE = new Set([0x11, 0x12])

function readAttribute(call: Caller, session: bigint, object: bigint, type: number): Buffer | undefined {
  try {
    const asked = attributeOf(type, undefined, 0)
    call('C_GetAttributeValue', [session, object, asked, 1])
    const length = Number(asked.readBigInt64LE(2 * WORD))
    if (length <= 0 || length > LARGEST_ATTRIBUTE) return undefined
    const value = Buffer.alloc(length)
    lend([value], () => call('C_GetAttributeValue', [session, object, attributeOf(type, value, length), 1]))
    return value
  } catch (error) {
    if (error instanceof CryptokiError && NO_VALUE.has(error.rv)) return undefined
    throw error
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(WORD)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

const words = (bytes: Buffer, count: number): bigint[] =>
  Array.from({ length: Math.min(count, bytes.length / WORD) }, (_, i) => bytes.readBigUInt64LE(i * WORD))

/** What native memory points at: held here, so that nothing collects it before the call is over. */
const held = new Set<Buffer>()

function lend(buffers: Buffer[], work: () => void): void {
  for (const each of buffers) held.add(each)
  try {
    work()
  } finally {
    for (const each of buffers) held.delete(each)
  }
}

/** CK_ATTRIBUTE and CK_MECHANISM are the same three words: a number, an address, a length. */
function attributeOf(type: number, value: Buffer | undefined, length: number): Buffer {
  const bytes = Buffer.alloc(3 * WORD)
  bytes.writeBigUInt64LE(BigInt(type), 0)
  bytes.writeBigUInt64LE(value ? koffi.address(value) : 0n, WORD)
  bytes.writeBigUInt64LE(BigInt(length), 2 * WORD)
  return bytes
}

function templateOf(attributes: Attribute[]): { bytes: Buffer; lent: Buffer[] } {
  const lent = attributes.map(([, value]) => (typeof value === 'number' ? word(value) : Buffer.from(value)))
  const bytes = attributes.map(([type], i) => attributeOf(type, lent[i], lent[i]!.length))
  return { bytes: Buffer.concat(bytes), lent }
}

function mechanismOf({ type, parameter }: Mechanism): { bytes: Buffer; lent: Buffer[] } {
  const lent = parameter && Buffer.from(parameter)
  return { bytes: attributeOf(type, lent, lent?.length ?? 0), lent: lent ? [lent] : [] }
}
