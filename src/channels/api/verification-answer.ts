import { Type } from '@sinclair/typebox'
import { anything, digest, nullable, oneOf, some } from './answer-parts.ts'

/** What a file proves, and the report of each of its signatures (docs/formats/validation-report.md). */
export const Verification = Type.Object(
  {
    verdict: oneOf('sound', 'altered', 'invalid', 'untrusted', 'unsealed', 'undetermined', 'unsigned', 'unreadable'),
    format: Type.String(),
    sound: Type.Boolean({ description: 'Every byte that was signed is as it was signed, by whomever' }),
    trusted: Type.Boolean({ description: 'And somebody who is believed here answers for each signer' }),
    demo: Type.Boolean({ description: 'Rests on a demo’s authority: proves nothing about the world' }),
    sha256: digest,
    kind: some,
    folio: some,
    told: Type.Object(
      {
        title: Type.String(),
        body: Type.String(),
        signatures: Type.Array(
          Type.Object({ mark: oneOf('good', 'bad', 'open'), who: Type.String(), line: Type.String() }),
        ),
        proves: Type.Array(Type.String()),
        doesNotProve: Type.Array(Type.String()),
      },
      { description: 'For a person, in the language asked for' },
    ),
    log: nullable(
      Type.Object({
        indication: oneOf('PASSED', 'FAILED', 'INDETERMINATE'),
        origin: some,
        index: nullable(Type.Integer()),
      }),
    ),
    inside: Type.Array(Type.Object({ name: Type.String(), kind: some, verdict: Type.String() })),
    report: nullable(anything),
  },
  { $id: 'Verification' },
)
