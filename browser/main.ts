import { checkChallenge } from './efirma/challenge.ts'
import { Failure } from './efirma/failure.ts'
import { toBase64 } from './efirma/sign.ts'
import { type ByteRange, signedAttributes } from './efirma/signed-attributes.ts'
import { EfirmaForm } from './form.ts'

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-efirma="sign-in"]')) {
  new EfirmaForm(form).onSubmit(async (efirma) => {
    const askedAt = performance.now()
    const challenge = await startChallenge(form.dataset.challengeUrl!)
    checkChallenge(challenge.text, location.origin, performance.now() - askedAt)
    const signature = await efirma.sign(new TextEncoder().encode(challenge.text))
    return {
      challengeId: challenge.id,
      certificate: toBase64(efirma.certificate),
      signature: toBase64(signature),
    }
  })
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-efirma="sign-document"]')) {
  new EfirmaForm(form).onSubmit(async (efirma) => {
    const { documentUrl, byteRange, signingTime } = form.dataset as Record<string, string>
    const response = await reach(documentUrl!, {})
    const prepared = {
      pdf: new Uint8Array(await response.arrayBuffer().catch(noAnswer)),
      range: byteRange!.split(',').map(Number) as unknown as ByteRange,
      signingTime: new Date(signingTime!),
    }
    const attributes = await signedAttributes(prepared, efirma.certificate)
    return {
      certificate: toBase64(efirma.certificate),
      signedAttributes: toBase64(attributes),
      signature: toBase64(await efirma.sign(attributes)),
    }
  })
}

async function startChallenge(url: string): Promise<{ id: string; text: string }> {
  const response = await reach(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': document.documentElement.lang },
    body: '{}',
  })
  const { id, text } = (await response.json().catch(noAnswer)) ?? {}
  if (typeof id !== 'string' || typeof text !== 'string') throw new Failure('challenge-unknown')
  return { id, text }
}

async function reach(url: string, options: RequestInit): Promise<Response> {
  // A redirection is how a page says that the session ended; nothing is signed of what it leads to.
  const response = await fetch(url, { ...options, credentials: 'same-origin', redirect: 'manual' }).catch(noAnswer)
  if (response.ok) return response
  if (response.type === 'opaqueredirect' || response.status === 401) throw new Failure('session-ended')
  const problem = (await response.json().catch(() => ({}))) as { detail?: string }
  throw new Failure('refused', problem.detail)
}

function noAnswer(): never {
  throw new Failure('no-answer')
}
