import type { Beside } from './examine.ts'
import { noData } from './facts.ts'
import { readAsic } from './read-asic.ts'
import { readCms } from './read-cms.ts'
import { readLoneToken, readResponse } from './read-lone-token.ts'
import { readPdf } from './read-pdf.ts'
import type { SignedFile } from './signed-file.ts'
import { tellFormat } from './tell-format.ts'

/** What a file holds that can be judged, whatever its format. Never throws for what the bytes are. */
export function readSignedFile(file: Buffer, beside: Beside): SignedFile {
  const { format, bytes } = tellFormat(file)
  switch (format) {
    case 'pdf':
      return readPdf(bytes)
    case 'asic-e':
      return readAsic(bytes)
    case 'cms':
      return readCms(bytes, beside)
    case 'time-stamp':
      return readLoneToken(bytes, beside)
    case 'time-stamp-response':
      return readResponse(bytes, beside)
    case 'certificate':
    case 'log-proof':
    case 'checkpoint':
      return { format, bytes, error: undefined, signatures: [], evidence: noData() }
    default:
      return unreadable(format, bytes)
  }
}

const unreadable = (format: SignedFile['format'], bytes: Buffer): SignedFile => ({
  format,
  bytes,
  error: { problem: 'unknown-format', detail: 'the file is of no format that is known here' },
  signatures: [],
  evidence: noData(),
})
