/** Numbers of PKCS #11 2.40 (OASIS), by the names that it gives them: only those that are used. */
export const CKF_OS_LOCKING_OK = 2
export const CKF_SERIAL_SESSION = 4
export const CKF_TOKEN_INITIALIZED = 0x400

export const CKU_USER = 1
export const CKU_CONTEXT_SPECIFIC = 2

export const CKO_CERTIFICATE = 1
export const CKO_PRIVATE_KEY = 3

export const CKA_CLASS = 0
export const CKA_LABEL = 3
export const CKA_VALUE = 0x11
export const CKA_ID = 0x102
export const CKA_ALWAYS_AUTHENTICATE = 0x202

export const CKM_RSA_PKCS = 1
export const CKM_RSA_PKCS_PSS = 0xd
export const CKM_SHA256 = 0x250
export const CKG_MGF1_SHA256 = 2
export const CKM_ECDSA = 0x1041
export const CKM_EDDSA = 0x1057

export const CKR_OK = 0
export const CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191
export const CKR_USER_ALREADY_LOGGED_IN = 0x100

/** What an operator can do something about, in plain words. */
const SENTENCES: Record<number, [name: string, words: string]> = {
  2: ['CKR_HOST_MEMORY', 'the machine has no memory left for it'],
  3: ['CKR_SLOT_ID_INVALID', 'the slot of the token is gone'],
  5: ['CKR_GENERAL_ERROR', 'the module cannot go on; its own log says why'],
  6: ['CKR_FUNCTION_FAILED', 'the module could not do what was asked'],
  7: ['CKR_ARGUMENTS_BAD', 'the module does not take what it was given'],
  48: ['CKR_DEVICE_ERROR', 'the device failed'],
  49: ['CKR_DEVICE_MEMORY', 'the device has no memory left'],
  50: ['CKR_DEVICE_REMOVED', 'the token was taken away'],
  84: ['CKR_FUNCTION_NOT_SUPPORTED', 'the module cannot do this'],
  96: ['CKR_KEY_HANDLE_INVALID', 'the key is not there any more'],
  99: ['CKR_KEY_TYPE_INCONSISTENT', 'the key is of another kind than its certificate'],
  104: ['CKR_KEY_FUNCTION_NOT_PERMITTED', 'the key may not sign'],
  112: ['CKR_MECHANISM_INVALID', 'the token does not sign in this way'],
  113: ['CKR_MECHANISM_PARAM_INVALID', 'the token does not sign with these parameters'],
  130: ['CKR_OBJECT_HANDLE_INVALID', 'the key is not there any more'],
  160: ['CKR_PIN_INCORRECT', 'the PIN is wrong'],
  161: ['CKR_PIN_INVALID', 'the PIN has a character that the token does not take'],
  162: ['CKR_PIN_LEN_RANGE', 'the PIN is too short or too long'],
  163: ['CKR_PIN_EXPIRED', 'the PIN has expired and must be changed'],
  164: ['CKR_PIN_LOCKED', 'the PIN is locked after too many wrong ones'],
  176: ['CKR_SESSION_CLOSED', 'the token closed the session'],
  177: ['CKR_SESSION_COUNT', 'the token gives no more sessions'],
  179: ['CKR_SESSION_HANDLE_INVALID', 'the token has forgotten the session'],
  224: ['CKR_TOKEN_NOT_PRESENT', 'the token is not there'],
  225: ['CKR_TOKEN_NOT_RECOGNIZED', 'the token is not recognized'],
  257: ['CKR_USER_NOT_LOGGED_IN', 'the token wants its PIN again'],
  258: ['CKR_USER_PIN_NOT_INITIALIZED', 'the token has no PIN yet'],
  400: ['CKR_CRYPTOKI_NOT_INITIALIZED', 'the module was not initialized'],
}

/** Asking again with the same PIN would lock the token: whoever meets one of these stops until a person looks. */
const PIN_REFUSALS = new Set([0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0x102])

/** What a call of the module answered where it was not CKR_OK. */
export class CryptokiError extends Error {
  readonly rv: number

  constructor(call: string, rv: number) {
    const [name, words] = SENTENCES[rv] ?? [`CKR 0x${rv.toString(16)}`, 'the module refused']
    super(`${words} (${name}, ${call})`)
    this.rv = rv
  }

  get refusesPin(): boolean {
    return PIN_REFUSALS.has(this.rv)
  }
}
