import type { Actuator, ContainerPort, ScrapeMarks } from '../model/jvm.ts';
import { isCount } from '../plausible.ts';
import type { ApiContainer, ApiPodSpec, ObjectMeta } from './api-types.ts';
import { longRunning } from './map-containers.ts';

/** Those whose values are flags, and those of which the value may be anything and only the name is kept. */
const KEPT =
  /^(?:prometheus\.io\/scrape$|(?:sidecar|instrumentation)\.opentelemetry\.io\/inject|k8s\.grafana\.com\/scrape|metrics\.dynatrace\.com\/scrape)/;
const NAMED = /^(?:ad\.datadoghq\.com|prometheus\.io)\//;
const LONGEST = 300;
const MOST = 100;

/** What of a pod, or of a pod template, decides who scrapes it. */
export function readScrapeMarks(metadata: ObjectMeta | undefined, spec: ApiPodSpec | undefined): ScrapeMarks {
  const annotations = Object.entries(metadata?.annotations ?? {}).flatMap(([key, value]): [string, string][] => {
    if (KEPT.test(key)) return [[key.slice(0, LONGEST), String(value).slice(0, LONGEST)]];
    return NAMED.test(key) ? [[key.slice(0, LONGEST), '']] : [];
  });
  const ports = longRunning(spec).flatMap(({ container }) =>
    (container.ports ?? []).flatMap(({ name, containerPort }): ContainerPort[] =>
      isCount(containerPort)
        ? [
            {
              container: container.name,
              ...(name ? { name: String(name).slice(0, LONGEST) } : {}),
              number: containerPort,
            },
          ]
        : [],
    ),
  );
  const actuators = longRunning(spec).flatMap(({ container }) => actuatorsOf(container));
  return {
    labels: keepLabels(metadata?.labels),
    annotations: Object.fromEntries(annotations.slice(0, MOST)),
    ports: ports.slice(0, MOST),
    ...(actuators.length > 0 && { actuators: actuators.slice(0, MOST) }),
  };
}

function actuatorsOf({ name, livenessProbe, readinessProbe, startupProbe }: ApiContainer): readonly Actuator[] {
  return [livenessProbe, readinessProbe, startupProbe].flatMap((probe): Actuator[] => {
    const { path = '', port } = probe?.httpGet ?? {};
    const base = /^\/[\w./-]*?\/?actuator(?=\/|$)/.exec(String(path).slice(0, LONGEST))?.[0];
    return base === undefined ? [] : [{ container: name, path: base, ...(port !== undefined && { port }) }];
  });
}

/** Labels as they may be kept: few and short, as the API server wants them. */
export function keepLabels(labels: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(labels ?? {})
      .slice(0, MOST)
      .map(([key, value]) => [key.slice(0, LONGEST), String(value).slice(0, LONGEST)]),
  );
}
