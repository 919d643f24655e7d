import { UserError } from '../errors.ts';
import { explainRefusals } from '../kubectl/explain-failure.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { createLimiter } from '../limit.ts';
import type { Log } from '../log.ts';
import type { ClusterState, Inspected, QualityNote, Workload, WorkloadRef } from '../model/workload.ts';
import { matchesGlob } from '../text/glob.ts';
import { assembleWorkloads } from './assemble-workloads.ts';
import { readBounds } from './read-bounds.ts';
import { type Core, readCore } from './read-core.ts';
import type { ListFailure, Reader } from './read-everywhere.ts';
import { type Pause, readObject } from './read-list.ts';
import { readSteering } from './read-steering.ts';
import { readVersion } from './read-version.ts';
import { type ClusterScope, type ReadScope, resolveScope } from './scope.ts';

/** Each is a process and a page in memory. */
const LISTS_AT_ONCE = 4;

/**
 * All that the API server knows of the part of the cluster in scope. Namespaces that cannot be read are named in
 * `incomplete` notes. Throws a UserError where nothing can be read or nothing is there. `pause` waits before an answer
 * that could not be had for the moment is asked for again.
 */
export async function readCluster(
  kubectl: Kubectl,
  scope: ClusterScope,
  log: Log,
  pause?: Pause,
): Promise<ClusterState> {
  const reader: Reader = { kubectl, limit: createLimiter(LISTS_AT_ONCE), ...(pause ? { pause } : {}) };
  const { core, readScope } = await readWhatIsAllowed(reader, scope);
  const unread = unreadNamespaces(core.failures);
  const left = withoutNamespaces(readScope, unread.namespaces);
  const [version, steering, bounds, empty] = await Promise.all([
    readVersion(reader),
    readSteering(reader, left),
    readBounds(reader, left),
    left.kind === 'namespaces' ? checkEmptyNamespaces(reader, left.names, core, scope) : { missing: [], notes: [] },
  ]);
  const isNamedJvm = ({ namespace, name }: WorkloadRef) =>
    (scope.jvmWorkloads ?? []).some((glob) => matchesGlob(glob, `${namespace}/${name}`));
  const workloads = assembleWorkloads(withoutUnread(core, unread.namespaces), steering, isNamedJvm);
  const notes = [...unread.notes, ...empty.notes, ...replicaSetNotes(core), ...steering.notes, ...bounds.notes];
  if (workloads.length === 0 && !scope.mayBeEmpty) throw new UserError(nothingFound(scope, empty.missing, notes));

  const namespaces = namespacesOf(left, workloads, empty.missing);
  log.step(countKinds(workloads));
  const { largestNodeAllocatable } = bounds;
  return {
    namespaces,
    inspected: inspectedOf(scope, [...unread.namespaces, ...empty.missing]),
    workloads,
    bounds: bounds.bounds,
    ...(largestNodeAllocatable === undefined ? {} : { largestNodeAllocatable }),
    ...(version === undefined ? {} : { version }),
    notes,
  };
}

async function readWhatIsAllowed(
  reader: Reader,
  scope: ClusterScope,
): Promise<{ readonly core: Core; readonly readScope: ReadScope }> {
  const readScope = await resolveScope(reader.kubectl, scope);
  const core = await readCore(reader, readScope, scope.selector);
  if (core.failures.length === 0) return { core, readScope };
  if (readScope.kind === 'cluster' && readScope.names) {
    const narrow: ReadScope = { kind: 'namespaces', names: readScope.names };
    return { core: await readCore(reader, narrow, scope.selector), readScope: narrow };
  }
  if (readScope.kind === 'cluster') {
    const refused = core.failures.every(({ failure }) => failure.kind === 'forbidden');
    const way = refused
      ? 'Without the option namespaces, the whole cluster is read: name the namespaces there, or grant the right to read all. '
      : '';
    throw new UserError(`${way}${explainFailures(core.failures)}`);
  }
  const unread = new Set(core.failures.map(({ namespace }) => namespace));
  if (readScope.names.every((name) => unread.has(name))) {
    const [first] = readScope.names;
    const failures = core.failures.filter(({ namespace }) => namespace === first);
    const others =
      readScope.names.length > 1 ? `None of the namespaces ${readScope.names.join(', ')} can be read. ` : '';
    throw new UserError(`${others}${explainFailures(failures)}`);
  }
  return { core, readScope };
}

function explainFailures(failures: readonly ListFailure[]): string {
  const refusals = failures.flatMap(({ failure }) => (failure.refusal ? [failure.refusal] : []));
  const other = failures.find(({ failure }) => !failure.refusal);
  return other ? other.failure.message : explainRefusals(refusals);
}

function unreadNamespaces(failures: readonly ListFailure[]): {
  readonly namespaces: ReadonlySet<string>;
  readonly notes: readonly QualityNote[];
} {
  const namespaces = new Set(failures.map(({ namespace }) => namespace ?? ''));
  const notes = [...namespaces].map((name): QualityNote => {
    const why = explainFailures(failures.filter(({ namespace }) => namespace === name));
    return { kind: 'incomplete', text: `Namespace ${name} could not be read. ${why}`, namespaces: [name] };
  });
  return { namespaces, notes };
}

function withoutNamespaces(scope: ReadScope, unread: ReadonlySet<string>): ReadScope {
  return scope.kind === 'cluster'
    ? scope
    : { kind: 'namespaces', names: scope.names.filter((name) => !unread.has(name)) };
}

/** Half of a namespace would show pods without their workloads. */
function withoutUnread(core: Core, unread: ReadonlySet<string>): Core {
  if (unread.size === 0) return core;
  return {
    ...core,
    workloads: core.workloads.filter(({ ref }) => !unread.has(ref.namespace)),
    pods: core.pods.filter(({ namespace }) => !unread.has(namespace)),
  };
}

/** A list of a namespace that does not exist is not refused but empty. */
async function checkEmptyNamespaces(
  reader: Reader,
  names: readonly string[],
  core: Core,
  { mayBeEmpty = false }: Pick<ClusterScope, 'mayBeEmpty'>,
): Promise<{ readonly missing: readonly string[]; readonly notes: readonly QualityNote[] }> {
  const seen = new Set([
    ...core.workloads.map(({ ref }) => ref.namespace),
    ...core.pods.map(({ namespace }) => namespace),
  ]);
  const checked = await Promise.all(
    names
      .filter((name) => !seen.has(name))
      .map(async (name) => ({
        name,
        answer: await reader.limit(() => readObject(reader.kubectl, `/api/v1/namespaces/${name}`, reader.pause)),
      })),
  );
  const missing: string[] = [];
  const notes: QualityNote[] = [];
  for (const { name, answer } of checked) {
    if (answer.ok) continue;
    const gone = answer.failure.kind === 'not found';
    if (gone) missing.push(name);
    if (gone && mayBeEmpty) {
      notes.push({ kind: 'info', text: `Namespace ${name} does not exist yet`, namespaces: [name] });
      continue;
    }
    const text = gone
      ? `Namespace ${name} does not exist: check the option namespaces`
      : `Namespace ${name} is empty or does not exist; which one could not be read. ${answer.failure.message}`;
    notes.push({ kind: 'incomplete', text, namespaces: [name] });
  }
  return { missing, notes };
}

function replicaSetNotes(core: Core): readonly QualityNote[] {
  if (core.replicaSetFailures.length === 0) return [];
  const namespaces = core.replicaSetFailures.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace]));
  return [
    {
      kind: 'info',
      text: `Some pods are shown under their ReplicaSet. ${explainFailures(core.replicaSetFailures)}`,
      ...(namespaces.length > 0 ? { namespaces } : {}),
    },
  ];
}

function nothingFound(scope: ClusterScope, missing: readonly string[], notes: readonly QualityNote[]): string {
  if (missing.length > 0 && missing.length === scope.namespaces.length) {
    const [subject, verb] = missing.length === 1 ? ['The namespace', 'does'] : ['The namespaces', 'do'];
    return `${subject} ${missing.join(', ')} ${verb} not exist: check the options namespaces and context`;
  }
  const where = scope.namespaces.length > 0 ? `the namespaces ${scope.namespaces.join(', ')}` : 'the cluster';
  const which = scope.selector ? ` that match the selector ${scope.selector}` : '';
  const incomplete = notes.filter(({ kind }) => kind === 'incomplete').map(({ text }) => `. ${text}`);
  return `There are no workloads or pods${which} in ${where}: check the options namespaces, exclude-namespaces and selector${incomplete.join('')}`;
}

function inspectedOf(scope: ClusterScope, unread: readonly string[]): Inspected {
  const { namespaces, excludeNamespaces, selector } = scope;
  return {
    namespaces: namespaces.length === 0 ? ['*'] : namespaces,
    except: [...excludeNamespaces, ...unread],
    ...(selector ? { selector } : {}),
  };
}

function namespacesOf(scope: ReadScope, workloads: readonly Workload[], missing: readonly string[]): readonly string[] {
  if (scope.kind === 'namespaces') return scope.names.filter((name) => !missing.includes(name));
  return [...new Set(workloads.map(({ ref }) => ref.namespace))].sort();
}

function countKinds(workloads: readonly Workload[]): string {
  const counts = new Map<string, number>();
  for (const { ref } of workloads) counts.set(ref.kind, (counts.get(ref.kind) ?? 0) + 1);
  return `Workloads: ${[...counts].map(([kind, count]) => `${count} of kind ${kind}`).join(', ')}`;
}
