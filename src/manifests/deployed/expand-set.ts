import { isObject, itemsAt, type Json, mapAt, textAt, valueAt } from '../documents.ts';
import { resolvePath } from '../reach.ts';
import { type ApplyingObject, mayBe, UNKNOWN, type Unreadable } from './deployed.ts';
import { type Filling, fillTemplate } from './fill-template.ts';
import { type GeneratorContext, generate } from './generate.ts';
import { known, sayObject, sourcesOf } from './read-argo.ts';
import { judgeSource } from './source.ts';

/** The Applications that an `ApplicationSet` makes; or, where its generators are not known, which folders they may apply. */
export async function expandSet(
  set: ApplyingObject,
  repository: Omit<GeneratorContext, 'go'>,
): Promise<readonly (ApplyingObject | Unreadable)[]> {
  const spec = mapAt(set.value, 'spec');
  const go = spec.goTemplate === true;
  const template = mapAt(spec, 'template');
  const filling = { go, effort: repository.effort, home: repository.home };
  if (textAt(spec, 'templatePatch') !== undefined) return unread(set, template, filling, 'it has a templatePatch');
  const generated = await generate(itemsAt(spec, 'generators'), { ...repository, go });
  if (generated.state === 'not known') return unread(set, template, filling, generated.why);
  return generated.instances.flatMap((instance) => {
    const value = fillTemplate(template, instance.params, filling);
    const names = instance.onEachCluster ? clusterNames(value, repository) : [];
    const named = names.map((cluster) => {
      const params = new Map([...instance.params, ['name', cluster], ['nameNormalized', cluster]]);
      return applicationOf(set, template, fillTemplate(template, params, filling), { cluster });
    });
    // It may be by something else that clusters are told apart.
    const told = named.filter((one) => pathsBy(one.value).every((path) => !path.includes(UNKNOWN)));
    return told.length > 0 ? told : [applicationOf(set, template, value, { onEachCluster: instance.onEachCluster })];
  });
}

function applicationOf(
  set: ApplyingObject,
  template: Json,
  value: Json,
  where: Pick<ApplyingObject, 'cluster' | 'onEachCluster'>,
): ApplyingObject {
  return {
    ...set,
    kind: 'Application',
    name: textAt(valueAt(value, ['metadata']), 'name') ?? UNKNOWN,
    namespace: set.namespace,
    value,
    template,
    ...(set.place ? { place: { ...set.place, at: [...set.place.at, 'spec', 'template'] } } : {}),
    writtenBy: `the ApplicationSet ${set.name}`,
    ...where,
  };
}

/** Nobody has more clusters in one repository. */
const MOST_CLUSTERS = 200;

/** The names of clusters, as the folders and values files that an Application takes by them tell. */
function clusterNames(application: Json, { folders, paths }: Pick<GeneratorContext, 'folders' | 'paths'>): string[] {
  const names = pathsBy(application).flatMap((path) => namesIn(path, /\.(?:ya?ml|json)$/.test(path) ? paths : folders));
  return [...new Set(names)].slice(0, MOST_CLUSTERS);
}

/** The folders and values files that an Application takes. */
function pathsBy(application: Json): string[] {
  return sourcesOf(application).flatMap(({ source }) => {
    const path = textAt(source, 'path') ?? '';
    const files = itemsAt(mapAt(source, 'helm'), 'valueFiles').flatMap((file) => {
      const named = typeof file === 'string' ? file.replace(/^\$[^/]+\//, '/') : '';
      const found = named.startsWith('/') ? resolvePath('', named.slice(1)) : resolvePath(`${path}/`, named);
      return found ?? [];
    });
    return [path, ...files];
  });
}

/** What stands for the one thing that is not known of a path. */
function namesIn(pattern: string, paths: readonly string[]): string[] {
  const [before = '', after, ...more] = pattern.split(UNKNOWN);
  if (after === undefined || more.length > 0) return [];
  return paths
    .filter((path) => mayBe(pattern, path))
    .map((path) => path.slice(before.length, path.length - after.length));
}

/** The template with nothing filled in shows which folders may be meant. */
function unread(
  set: ApplyingObject,
  template: Json,
  { home, ...filling }: Filling & Pick<GeneratorContext, 'home'>,
  why: string,
): Unreadable[] {
  const filled = mapAt(fillTemplate(template, new Map(), filling), 'spec');
  const sources = isObject(filled.source) ? [filled.source] : itemsAt(filled, 'sources');
  return sources.flatMap((source) => {
    const folder = textAt(source, 'path');
    const revision = textAt(source, 'targetRevision');
    // Previews of pull requests follow their own commits.
    const isPreview = revision?.includes(UNKNOWN) && JSON.stringify(set.value).includes('"pullRequest"');
    const { state } = judgeSource(known(textAt(source, 'repoURL')), known(revision), home);
    return folder === undefined || isPreview || state === 'elsewhere'
      ? []
      : [{ definedIn: set.path, what: sayObject(set), why, folder }];
  });
}
