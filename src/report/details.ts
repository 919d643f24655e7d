import { type ByCheck, CHECKS, type CheckName, type ContainerObservation, type Findings } from '../model/finding.ts';
import type { JudgedWorkload } from '../model/inspection.ts';
import { bySeverity, type Level } from '../model/level.ts';
import { type WorkloadRef, workloadKey } from '../model/workload.ts';
import { byteLength, compareText, count, formatSetting, groupBy, iconOf } from '../text/format.ts';
import { code, escapeHtml, escapeTableCell } from '../text/markdown.ts';
import { cellOf } from '../words/words.ts';
import type { ContainerView, PodContainerView } from './container-view.ts';
import { sparklineOf } from './problem-pods.ts';

const TITLES: ByCheck<string> = { usage: '① usage', trend: '② trend', sizing: '③ sizing', heap: '④ heap' };
const HEAD = [
  `| workload | pod · container | limit · request | ${CHECKS.map((check) => TITLES[check]).join(' | ')} |`,
  `|---|---|--:|${'---|'.repeat(CHECKS.length)}`,
];

/** The workloads of one namespace, those without a container to speak of apart. */
export interface NamespaceGroup {
  readonly namespace: string;
  readonly views: readonly ContainerView[];
  readonly empty: readonly JudgedWorkload[];
  /** A table row for each pod's container. */
  readonly rows: readonly string[];
}

/** What was inspected by namespace, sorted by name; within one, the most urgent first. */
export function groupByNamespace(
  views: readonly ContainerView[],
  workloads: readonly JudgedWorkload[],
): NamespaceGroup[] {
  const empty = groupBy(
    workloads.filter(({ containers }) => containers.length === 0),
    ({ workload }) => workload.ref.namespace,
  );
  const full = groupBy(views, (view) => view.ref.namespace);
  return [...new Set([...full.keys(), ...empty.keys()])].sort(compareText).map((namespace) => {
    const group = {
      namespace,
      views: full.get(namespace) ?? [],
      empty: [...(empty.get(namespace) ?? [])].sort((a, b) =>
        compareText(workloadKey(a.workload.ref), workloadKey(b.workload.ref)),
      ),
    };
    return { ...group, rows: listRows(group) };
  });
}

/** Every pod of a namespace with its four checks, folded. */
export function writeNamespace(group: NamespaceGroup): string {
  return [
    `<details><summary><b>${escapeHtml(group.namespace)}</b> · ${describeCounts(group)}</summary>`,
    '',
    ...HEAD,
    ...group.rows,
    '',
    '</details>',
  ].join('\n');
}

/** The same as tables of at most `most` bytes each, to be pages of their own. */
export function writeNamespaceTables(group: NamespaceGroup, most: number): string[] {
  const tables: string[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const row of group.rows) {
    const bytes = byteLength(row) + 1;
    if (size + bytes > most) {
      tables.push([...HEAD]);
      size = byteLength(HEAD.join('\n'));
    }
    tables.at(-1)?.push(row);
    size += bytes;
  }
  return tables.map((table) => table.join('\n'));
}

/** "3 workloads · 🔴 2 🟡 1" */
export function describeCounts(group: NamespaceGroup): string {
  const workloads = new Set([...group.views.map((view) => view.workload), ...group.empty]);
  const counts = countLevels([...workloads].map((workload) => workload.level));
  return `${count(workloads.size, 'workload')} · ${counts}`;
}

function countLevels(levels: readonly Level[]): string {
  return [...groupBy([...levels].sort(bySeverity), (level) => level)]
    .map(([level, same]) => `${iconOf(level)} ${same.length}`)
    .join(' ');
}

function listRows(group: Omit<NamespaceGroup, 'rows'>): string[] {
  const rows = group.views.flatMap((view) =>
    view.pods.length === 0
      ? [writeEmptyRow(view.workload, view.level, 'its pod is gone')]
      : [...view.pods]
          .sort((a, b) => bySeverity(a.level, b.level) || compareText(a.pod.name, b.pod.name))
          .map((pod, index) => writeRow(view, pod, index === 0)),
  );
  return [...rows, ...group.empty.map((judged) => writeEmptyRow(judged, judged.level, describeNoPod(judged)))];
}

function describeNoPod({ workload }: JudgedWorkload): string {
  return workload.replicas === 0 ? 'scaled to 0' : 'no running pod';
}

function writeEmptyRow({ workload }: JudgedWorkload, level: Level, why: string): string {
  return `| ${nameWorkload(level, workload.ref)} | ${why} | – |${' – |'.repeat(CHECKS.length)}`;
}

function nameWorkload(level: Level, ref: WorkloadRef): string {
  return `${iconOf(level)} ${code(ref.name)} ${escapeTableCell(ref.kind)}`;
}

function writeRow(view: ContainerView, pod: PodContainerView, first: boolean): string {
  const { observation, ignored, findings } = pod.container;
  const spark = sparklineOf(pod);
  const checks = CHECKS.map((check) => {
    const drawn = check === 'trend' && spark !== '' ? ` ${spark}` : '';
    return writeCheck(check, findings, drawn);
  });
  const mark = ignored === undefined ? '' : ' 🔕';
  const cells = [
    first ? nameWorkload(view.level, view.ref) : '',
    `${code(pod.pod.name)} · ${code(pod.container.name)}${mark}`,
    `${writeSize(observation, 'limit')} · ${writeSize(observation, 'request')}`,
    ...checks,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** "3000Mi (manifest: 2000Mi)", "2000Mi (asked for: 4000Mi)" */
function writeSize({ drift, resize, ...sizes }: ContainerObservation, which: 'limit' | 'request'): string {
  const from = drift?.[which]?.from;
  const to = resize?.[which]?.to;
  const asides = [
    ...(from === undefined ? [] : [`manifest: ${formatSetting(from)}`]),
    ...(to === undefined ? [] : [`asked for: ${formatSetting(to)}`]),
  ];
  return `${formatSetting(sizes[which])}${asides.length === 0 ? '' : ` (${asides.join(', ')})`}`;
}

function writeCheck<C extends CheckName>(check: C, findings: Findings, drawn: string): string {
  const finding = findings[check];
  return finding === undefined ? '–' : `${iconOf(finding.level)} ${escapeTableCell(cellOf(check, finding))}${drawn}`;
}
