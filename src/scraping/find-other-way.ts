import type { JvmMetricsState } from '../model/jvm-metrics.ts';
import type { Scraping, SeenCollector, SeenService } from '../model/scraping.ts';
import { reachesNamespace } from './find-services.ts';
import type { Jvm } from './list-jvms.ts';
import { matchesSelector } from './selectors.ts';

type OtherWay = JvmMetricsState & { readonly state: 'another way' };

/** Annotations by which another collector is told of a pod, and its name. */
const COLLECTORS: readonly (readonly [prefix: string, by: string])[] = [
  ['sidecar.opentelemetry.io/inject', 'OpenTelemetry'],
  ['instrumentation.opentelemetry.io/inject-java', 'OpenTelemetry'],
  ['ad.datadoghq.com/', 'Datadog'],
  ['k8s.grafana.com/scrape', 'Grafana Alloy'],
  ['metrics.dynatrace.com/scrape', 'Dynatrace'],
];

/** Something besides monitors that takes the metrics, or would; nothing is wrong then. */
export function findOtherWay(
  jvm: Jvm,
  services: readonly SeenService[],
  { collectors, operator }: Scraping,
): OtherWay | undefined {
  const { annotations } = jvm.marks;
  if (annotations['prometheus.io/scrape'] === 'true' || services.some(({ annotated }) => annotated)) {
    return { state: 'another way', how: 'annotations', by: 'prometheus.io/scrape' };
  }
  const told = COLLECTORS.find(([prefix]) =>
    Object.entries(annotations).some(([key, value]) => key.startsWith(prefix) && value !== 'false'),
  );
  if (told) return { state: 'another way', how: 'another collector', by: told[1] };
  const collector = collectors.find((one) => takes(one, jvm, services));
  if (collector) {
    const { kind, namespace, name } = collector;
    return { state: 'another way', how: 'another collector', by: `${kind} ${namespace}/${name}` };
  }
  return operator === 'none' ? { state: 'another way', how: 'no operator' } : undefined;
}

function takes(collector: SeenCollector, { workload, marks }: Jvm, services: readonly SeenService[]): boolean {
  if (!reachesNamespace(collector, workload.ref.namespace)) return false;
  const { kind, selector } = collector;
  if (selector === undefined) return true;
  const fits = kind === 'VMServiceScrape' ? services.map(({ labels }) => labels) : [marks.labels];
  return fits.some((labels) => matchesSelector(selector, labels));
}
