import type { Ficha } from './ficha.ts'
import type { Catalogue } from './open-catalogue.ts'

/** A service in the vocabulary of the Core Public Service Vocabulary (CPSV-AP 3), as JSON-LD. */
export function toCpsvAp(
  ficha: Ficha,
  { institutions }: Pick<Catalogue, 'institutions'>,
  base: string,
): Record<string, unknown> {
  const both = (text: { es: string; en: string }) => [
    { '@language': 'es', '@value': text.es },
    { '@language': 'en', '@value': text.en },
  ]
  const institution = institutions.get(ficha.institution)!
  const url = `${base}/tramites/${ficha.id}`
  return {
    '@context': {
      cpsv: 'http://purl.org/vocab/cpsv#',
      cv: 'http://data.europa.eu/m8g/',
      dct: 'http://purl.org/dc/terms/',
    },
    '@id': url,
    '@type': 'cpsv:PublicService',
    'dct:identifier': ficha.homoclave.key,
    'dct:title': both(ficha.name),
    'dct:description': both(ficha.summary),
    'cv:hasCompetentAuthority': {
      '@id': `${base}/instituciones/${institution.id}`,
      '@type': 'cv:PublicOrganisation',
      'dct:title': both(institution.name),
    },
    'cv:isGroupedBy': ficha.lifeEvents.map((id) => ({
      '@id': `${base}/tramites?momento=${id}`,
      '@type': 'cv:LifeEvent',
    })),
    'cv:hasChannel': Object.entries(ficha.channels)
      .filter(([, level]) => level !== 'none')
      .map(([channel]) => ({ '@type': 'cv:Channel', 'dct:type': channel })),
    'cpsv:hasInput': ficha.requirements.map(({ name }) => ({ '@type': 'cv:Evidence', 'dct:title': both(name) })),
    'cpsv:produces': { '@type': 'cpsv:Output', 'dct:title': both(ficha.gets) },
    'cv:hasCost': {
      '@type': 'cv:Cost',
      'cv:value': ficha.cost.kind === 'free' ? 0 : units(ficha.cost.amounts?.[0]?.cents),
      'cv:currency': ficha.cost.currency ?? null,
    },
    'cpsv:follows': ficha.legalBasis.map((basis) => ({ '@type': 'cpsv:Rule', 'dct:title': both(basis) })),
  }
}

/** The vocabulary counts in units of the currency, the ficha in cents. */
const units = (cents: number | undefined): number | null => (cents === undefined ? null : cents / 100)
