import { UserError } from '../errors.ts';
import type { ContainerMeasurement } from '../model/measurement.ts';
import type { InstantRow } from './answer.ts';
import type { Notes } from './ask-in-parts.ts';
import { type Dialect, OTHER_DIALECTS } from './dialect.ts';
import { PART, UNNAMED } from './queries.ts';

/** Whose series of memory are measured. */
export interface MetricSource {
  /** Where it is not cAdvisor's. */
  readonly dialect?: Dialect;
  /** Its rows of `scopeQuery`. */
  readonly series: readonly InstantRow[];
  /** Others that tell of the same containers. */
  readonly beside: readonly Dialect[];
  /** How many series do not say whose memory they are. */
  readonly unnamed: number;
}

/** Takes cAdvisor's series where there are any, because they tell more; else those of another dialect. */
export function chooseSource(rows: readonly InstantRow[]): MetricSource {
  const of = (part: string | undefined) => rows.filter(({ labels }) => labels[PART] === part);
  const isNamed = ({ labels }: InstantRow) => (labels.namespace ?? '') !== '';
  const others = OTHER_DIALECTS.filter(({ name }) => of(name).some(isNamed));
  const unnamed = [...of(UNNAMED), ...OTHER_DIALECTS.flatMap(({ name }) => of(name).filter((row) => !isNamed(row)))];
  // Spread out, the rows of an answer can be more than a call takes arguments.
  const counted = { unnamed: unnamed.reduce((most, { value }) => Math.max(most, value), 0) };
  const [dialect, ...beside] = others;
  const usual = of(undefined);
  if (usual.length > 0 || !dialect) return { series: usual, beside: others, ...counted };
  return { dialect, series: of(dialect.name).filter(isNamed), beside, ...counted };
}

/** Says why series that are there cannot be used, where there are no others. */
export function explainUnnamed({ unnamed }: MetricSource): void {
  if (unnamed === 0) return;
  throw new UserError(
    `Prometheus has ${unnamed} series of container memory from OpenTelemetry, but OpenTelemetry metrics without promoted resource attributes do not say whose they are: make k8s.namespace.name, k8s.pod.name, k8s.container.name and k8s.pod.uid labels (promote_resource_attributes in the otlp section of prometheus.yml, or resource_to_telemetry_conversion in the collector's exporter)`,
  );
}

/** What a source may lack, and what is then unknown. */
const LACKS: readonly { readonly is: (one: ContainerMeasurement) => boolean; readonly text: string }[] = [
  { is: ({ now }) => now?.rss !== undefined, text: 'resident memory' },
  { is: ({ now }) => now?.activeFile !== undefined, text: 'active file memory (how much of the usage is page cache)' },
  { is: ({ now }) => now?.startedAt !== undefined, text: 'start times (a container is as old as its series)' },
];
const NO_OOM_EVENTS = 'OOM events (kills within a container that goes on)';

/** Notes what the source cannot tell of any container that runs, and what it was preferred to. */
export function noteLacks(
  source: MetricSource,
  measurements: readonly ContainerMeasurement[],
  hasOomEvents: boolean,
  notes: Notes,
): void {
  const running = measurements.filter(({ now }) => now?.workingSet !== undefined);
  if (running.length === 0) return;
  const lacks = LACKS.filter(({ is }) => !running.some(is)).map(({ text }) => text);
  if (!hasOomEvents) lacks.push(NO_OOM_EVENTS);
  const from = source.dialect ? 'OpenTelemetry' : 'cAdvisor';
  if (lacks.length > 0) {
    notes.add({
      kind: 'info',
      text: `The memory metrics from ${from} in this Prometheus do not tell: ${lacks.join('; ')}. What they do not tell is taken for unknown`,
    });
  }
  if (source.beside.length > 0) {
    const other = source.dialect ? 'OpenTelemetry under other names' : 'OpenTelemetry';
    notes.add({
      kind: 'info',
      text: `Prometheus has the memory of containers from ${from} and from ${other}: the former is used`,
    });
  }
}
