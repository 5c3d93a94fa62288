import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  registry: Registry
  requests: Histogram<'method' | 'route' | 'status'>
  incidents: Counter
  logSize: Gauge
  waitingToLast: Gauge
  oldestToLast: Gauge
}

/** Names in Prometheus's own convention; no label ever holds anything a person typed: routes are patterns, not addresses. */
export function openMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    requests: new Histogram({
      name: 'ventanilla_http_request_seconds',
      help: 'Duration of HTTP requests by route pattern',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers: [registry],
    }),
    incidents: new Counter({
      name: 'ventanilla_incidents_total',
      help: 'Faults shown with an incident id',
      registers: [registry],
    }),
    logSize: new Gauge({ name: 'ventanilla_log_entries', help: 'Entries in the public log', registers: [registry] }),
    waitingToLast: new Gauge({
      name: 'ventanilla_documents_waiting_to_last',
      help: 'Documents that wait for what makes them verifiable for years, new ones and renewals; counted up to 100000',
      registers: [registry],
    }),
    oldestToLast: new Gauge({
      name: 'ventanilla_documents_waiting_oldest_seconds',
      help: 'How long the oldest of them has been waiting',
      registers: [registry],
    }),
  }
}
