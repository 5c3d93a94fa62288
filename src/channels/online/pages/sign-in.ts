import { say } from '#kernel/texts.ts'
import { body, columns, errorSummary, heading, inset, lead, link } from '#web/components/index.ts'
import { signInForm } from '#web/components/signing.ts'
import type { PageContext } from '#web/context.ts'
import { html } from '#web/html.ts'
import type { Page } from '#web/layout.ts'
import { type AccountTextKey, accountTexts } from '../account-texts.ts'

/** Why somebody who was signed in is here again; `guardada`: what they had typed waits for them. */
export type SignInReason = 'cerrada' | 'guardada'

/** @param next where the person goes on, a path of ours */
export function signInPage(
  context: PageContext,
  next: string,
  { fault, why }: { fault?: string; why?: SignInReason | undefined } = {},
): Page {
  const t = (key: AccountTextKey) => say(accountTexts, key, context.language)
  const action = next === '/' ? '/entrar' : `/entrar?sigue=${encodeURIComponent(next)}`
  return {
    title: t('signIn.title'),
    script: true,
    failed: fault !== undefined,
    body: columns(
      html`${fault && errorSummary(context.language, [{ field: '', message: fault }])}${heading(t('signIn.title'))}${why && inset(t(`signIn.${why}`))}${lead(t('signIn.lead'))}
${context.demo && inset(html`${t('signIn.demo')} ${link('/demo', t('signIn.demo.link'))}`)}
${signInForm(context, { action, challengeUrl: '/api/v1/sign-in/challenges' })}`,
      html`${heading(t('signIn.none'), 's', 2)}${body(t('signIn.none.body'))}`,
    ),
  }
}
