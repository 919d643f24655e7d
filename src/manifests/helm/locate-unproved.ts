import type { Location } from '../../model/location.ts';
import { isObject, type Json, type Path, valueAt } from '../documents.ts';
import { memoryOf, type Section } from '../memory.ts';
import { snippetOf } from '../snippet.ts';
import { editLayer, type KeyChange } from './edit-values.ts';
import { filesOfRelease, hintedNames, isHinted, type Subject } from './match-release.ts';
import { findMemoryKeys } from './memory-keys.ts';
import { place, type Release, sayRelease } from './release.ts';
import type { Session } from './session.ts';
import { type LoadedLayer, loadLayer } from './values.ts';

/**
 * For a release of a chart that is not in the repository: the one `resources` of its values that conventions give to the
 * container and whose values are the live ones. Edited only when `allowed`, and never called proved.
 */
export async function locateUnproved(
  subject: Subject,
  session: Session,
  allowed: boolean,
): Promise<Location | undefined> {
  const { suggestion, workload } = subject;
  const { namespace } = suggestion.workload;
  const hinted = hintedNames(workload.hints);
  const releases = session.releases.filter((release) => {
    return (
      release.chart.kind === 'remote' && isHinted(release, hinted) && (release.namespace ?? namespace) === namespace
    );
  });
  const [release, ...more] = releases;
  if (release?.chart.kind !== 'remote') return undefined;
  const name = sayRelease(place(release, namespace));
  const chart = release.chart.name;
  const refuse = (why: string, reason: 'rendered' | 'ambiguous' = 'rendered'): Location => {
    const lookedAt = filesOfRelease(release);
    return {
      state: 'not located',
      suggestion,
      reason,
      why: `${name}: ${why}`,
      lookedAt,
      snippet: snippetOf(suggestion),
    };
  };
  if (more.length > 0) return refuse('more than one object of the repository describes it', 'ambiguous');
  if (release.obstacle !== undefined) return refuse(release.obstacle);
  const found = await findConventional(subject, release, session);
  const remote = `its chart ${chart} is not in the repository, so nothing can be rendered`;
  if (typeof found === 'string') return refuse(`${remote}, and ${found}`);
  const block = found.block.join('.');
  if (!allowed)
    return refuse(`${remote}; ${block} in ${found.layer.path} is likely meant (helm-unproved changes such values)`);
  const edit = editLayer(found.layer, found.changes);
  if ('reason' in edit) return refuse(edit.why);
  const others = await session.others(place(release, namespace), [edit.path]);
  if (others.length > 0) return refuse(`${remote}, and ${edit.path} is loaded by more than this release`);
  const how = `The chart ${chart} of ${name} could not be rendered: ${block} is the only value that its name and its size fit.`;
  const { path, line, edits } = edit;
  return { state: 'located', suggestion, path, line, edits, newFiles: [], proof: { kind: 'not proved', how } };
}

interface Conventional {
  readonly layer: LoadedLayer;
  readonly block: Path;
  readonly changes: readonly KeyChange[];
}

async function findConventional(subject: Subject, release: Release, session: Session): Promise<Conventional | string> {
  const { live, suggestion } = subject;
  const blocks = new Map<string, Omit<Conventional, 'changes'>>();
  for (const layer of [...release.layers].reverse()) {
    const loaded = await loadLayer(layer, session.texts);
    if ('reason' in loaded) return `${loaded.why}`;
    for (const { path, form } of findMemoryKeys(loaded.values, [], new Set(), false)) {
      const block = path.slice(0, -2);
      const key = JSON.stringify(block);
      if (form === 'block' && !blocks.has(key)) blocks.set(key, { layer: loaded, block });
    }
  }
  const equal = [...blocks.values()].filter(({ layer, block }) => {
    const resources = valueAt(layer.values, block);
    return agrees(resources, 'limits', live.limit) && agrees(resources, 'requests', live.request);
  });
  const [only, ...more] = equal;
  if (!only) return 'no resources in its values have the live values';
  if (more.length > 0) return 'several resources in its values have the live values';
  if (!fitsName(only.block, subject)) return `${only.block.join('.')} has the live values, but not a name that fits`;
  const sections = [['limits', suggestion.limit] as const, ['requests', suggestion.request] as const];
  const changes = sections.flatMap(([section, value]) => {
    const key = { path: [...only.block, section, 'memory'], form: 'block' as const };
    return value ? [{ key, size: value.to }] : [];
  });
  return { ...only, changes };
}

function agrees(resources: Json | undefined, section: Section, live: Subject['live']['limit']): boolean {
  if (!isObject(resources)) return false;
  const own = memoryOf(resources, section);
  if (own.state === 'set' && live.state === 'set') return own.bytes === live.bytes;
  return own.state === 'absent' && live.state === 'absent';
}

const ROLES = ['primary', 'master', 'main', 'server', 'app', 'application'];

/** `resources` by itself, or below the name of the component, the container or the workload. */
function fitsName(block: Path, { suggestion, workload, live }: Subject): boolean {
  if (block.some((step) => typeof step === 'number') || block.at(-1) !== 'resources') return false;
  const owners = block.slice(0, -1).map((step) => fold(String(step)));
  const { name } = suggestion.workload;
  const known = [workload.hints.component, live.name, ...name.split('-')].filter((one) => one !== undefined);
  const names = new Set([...known, name, ...ROLES].map(fold));
  return owners.every((owner) => names.has(owner));
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
