import { Failure } from './efirma/failure.ts'
import { type ByteRange, checkChallenge, signedAttributes, toBase64 } from './efirma/sign.ts'
import { EfirmaForm } from './form.ts'

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-efirma="sign-in"]')) {
  new EfirmaForm(form).onSubmit(async (efirma) => {
    const challenge = await startChallenge(form.dataset.challenge!)
    checkChallenge(challenge.text, location.origin)
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
    const pdf = await download(form.dataset.document!)
    const range = form.dataset.range!.split(',').map(Number) as unknown as ByteRange
    const attributes = await signedAttributes(pdf, range, efirma.certificate)
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
  return response.json()
}

async function download(url: string): Promise<Uint8Array> {
  return new Uint8Array(await (await reach(url, {})).arrayBuffer())
}

async function reach(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...options, credentials: 'same-origin', redirect: 'error' }).catch(() => {
    throw new Failure('no-answer')
  })
  if (response.ok) return response
  const problem = (await response.json().catch(() => ({}))) as { detail?: string }
  throw new Failure('refused', problem.detail)
}
