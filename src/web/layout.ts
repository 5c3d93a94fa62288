import { say } from '#kernel/texts.ts'
import type { PageContext } from './context.ts'
import { type Html, html, rawHtml } from './html.ts'
import { type WebTextKey, webTexts } from './texts.ts'

/** Addresses of what is served with a digest in its name (assets.ts). */
export interface PageAssets {
  stylesheet: string
  font: string
  fontBold: string
  icon: string
  script: { url: string; integrity: string }
}

export interface Page {
  title: string
  body: Html
  /** Above the main part: back link or breadcrumbs. */
  before?: Html
  /** The script that signs: only where something is signed. */
  script?: boolean
  /** An error summary is on the page: the title says so, for those who hear it (WCAG 3.3.1). */
  failed?: boolean
  /** Wider than the column for reading: tables of the office. */
  wide?: boolean
}

/** The frame of every page. No script is needed but to sign. */
export function layout(context: PageContext, assets: PageAssets, page: Page): Html {
  const t = (key: WebTextKey, facts = {}) => say(webTexts, key, context.language, facts)
  const title = `${page.failed ? `${t('error')}: ` : ''}${page.title} – ${t('product')}`
  return html`${rawHtml('<!DOCTYPE html>')}
<html lang="${context.language}" class="govuk-template">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#9D2449">
<link rel="icon" href="${assets.icon}" type="image/svg+xml">
<link rel="preload" href="${assets.font}" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="${assets.stylesheet}">
${page.script && html`<script src="${assets.script.url}" integrity="${assets.script.integrity}" type="module"></script>`}
</head>
<body class="govuk-template__body${page.wide ? ' vn-wide' : ''}">
<a href="#contenido" class="govuk-skip-link">${t('skip')}</a>
${header(context, t)}
${context.demo && demoBanner(t)}
<div class="govuk-width-container">
${page.before}
<main class="govuk-main-wrapper" id="contenido">
${context.warnings.map((warning) => html`<div class="govuk-inset-text">${warning}</div>`)}
${page.body}
</main>
</div>
${footer(t)}
</body>
</html>`
}

type Say = (key: WebTextKey, facts?: Record<string, string | number>) => string

function header(context: PageContext, t: Say): Html {
  const { acting, path } = context
  const links: Array<[string, string]> = [['/tramites', t('services')]]
  if (acting)
    links.push(
      ['/solicitudes', t('cases')],
      ['/buzon', context.unopened > 0 ? `${t('mailbox')} (${context.unopened})` : t('mailbox')],
    )
  if (acting?.servant || acting?.administrator) links.push(['/oficina', t('office')])
  links.push(['/verificar', t('verify')])
  return html`<header class="vn-header">
<div class="govuk-width-container vn-header__row">
<a class="vn-header__brand" href="/"><span class="vn-header__mark" aria-hidden="true"></span>${t('product')} <span class="vn-header__tag">${t('tagline')}</span></a>
<div class="vn-header__account">
${languageSwitch(context, t)}
${
  acting
    ? html`<form method="post" action="/salir" class="vn-inline"><input type="hidden" name="csrf" value="${context.csrf}"><button class="vn-link-button" type="submit">${t('signOut')}</button></form>`
    : html`<a class="vn-header__link" href="${signInHref(path)}">${t('signIn')}</a>`
}
</div>
</div>
<nav class="vn-nav" aria-label="${t('navigation')}"><div class="govuk-width-container"><ul class="vn-nav__list">
${links.map(([href, label]) => html`<li><a href="${href}" class="vn-nav__link"${path === href || path.startsWith(`${href}/`) ? rawHtml(' aria-current="page"') : ''}>${label}</a></li>`)}
</ul></div></nav>
${acting && html`<div class="vn-acting"><div class="govuk-width-container">${t(acting.forCompany ? 'actingCompany' : 'actingFor', { name: acting.name })}${acting.rfc && html` · <span class="vn-mono">${acting.rfc}</span>`}${acting.representative && html` · ${acting.representative}`} · <a class="govuk-link vn-acting__link" href="/cuenta">${t('account')}</a></div></div>`}
</header>`
}

/** Who signs in comes back to where they were. */
const signInHref = (path: string): string =>
  path === '/' || path.startsWith('/entrar') ? '/entrar' : `/entrar?sigue=${encodeURIComponent(path)}`

/** A form, so that it works everywhere and the choice is kept in a cookie. */
function languageSwitch({ language, path }: PageContext, t: Say): Html {
  const other = language === 'es' ? 'en' : 'es'
  const label = language === 'es' ? 'English' : 'Español'
  return html`<form method="post" action="/idioma" class="vn-inline"><input type="hidden" name="a" value="${path}"><input type="hidden" name="idioma" value="${other}"><button class="vn-link-button" type="submit" lang="${other}"><span class="govuk-visually-hidden">${t('language')}: </span>${label}</button></form>`
}

function demoBanner(t: Say): Html {
  return html`<section class="vn-demo" aria-label="${t('demoTag')}"><div class="govuk-width-container"><strong class="govuk-tag">${t('demoTag')}</strong> <span>${t('demo')} <a class="govuk-link" href="/demo">${t('demoPeople')}</a></span></div></section>`
}

function footer(t: Say): Html {
  const links: Array<[string, WebTextKey]> = [
    ['/ayuda', 'help'],
    ['/privacidad', 'privacy'],
    ['/accesibilidad', 'accessibility'],
    ['/estado', 'status'],
    ['/bitacora', 'log'],
    ['/datos', 'openData'],
    ['/api', 'api'],
  ]
  return html`<footer class="govuk-footer vn-footer"><div class="govuk-width-container">
<ul class="govuk-footer__inline-list">${links.map(([href, key]) => html`<li class="govuk-footer__inline-list-item"><a class="govuk-footer__link" href="${href}">${t(key)}</a></li>`)}</ul>
<p class="vn-footer__line">${t('footer')}</p>
</div></footer>`
}
