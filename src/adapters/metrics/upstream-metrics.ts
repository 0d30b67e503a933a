import { Gauge, type Registry } from 'prom-client';
import type { Metrics, UpstreamFigures } from '../../core/metrics.ts';
import { boundedLabels, otherLabel } from './bounded-labels.ts';

const maxProviders = 200;

/** What this process has learnt of its upstreams, read when somebody asks. */
export function createUpstreamMetrics(registry: Registry): Pick<Metrics, 'watchUpstreams'> {
  const registers = [registry];
  const labelOf = boundedLabels(maxProviders);
  let read: () => Iterable<UpstreamFigures> = () => [];

  /** Those beyond the bound have no figure in common: they are left out. */
  function* labelled(): Generator<UpstreamFigures> {
    for (const figures of read()) if (labelOf(figures.provider) !== otherLabel) yield figures;
  }

  new Gauge({
    name: 'gateway_breaker_state',
    help: '0: calls go to the provider; 1: it has failed too often and is left alone.',
    labelNames: ['provider'],
    registers,
    collect() {
      this.reset();
      for (const { provider, breaker } of labelled()) this.set({ provider }, breaker === 'open' ? 1 : 0);
    },
  });
  new Gauge({
    name: 'gateway_upstream_concurrency_limit',
    help: 'Calls at once that a provider is known to take; absent while no bound is known.',
    labelNames: ['provider'],
    registers,
    collect() {
      this.reset();
      for (const { provider, concurrencyLimit } of labelled()) {
        if (concurrencyLimit !== null) this.set({ provider }, concurrencyLimit);
      }
    },
  });
  return {
    watchUpstreams(source) {
      read = source;
    },
  };
}
