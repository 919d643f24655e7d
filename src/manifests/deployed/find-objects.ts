import { findObjects, isParsed, valueAt } from '../documents.ts';
import type { Parser } from '../parser.ts';
import type { ApplyingObject } from './deployed.ts';
import { ARGO_GROUP } from './read-argo.ts';
import { FLUX_GROUP, SOURCE_GROUP } from './read-flux.ts';

const HELM_GROUP = 'helm.toolkit.fluxcd.io';

const KINDS: Readonly<Record<string, readonly string[]>> = {
  [ARGO_GROUP]: ['Application', 'ApplicationSet'],
  [FLUX_GROUP]: ['Kustomization'],
  [SOURCE_GROUP]: ['GitRepository', 'OCIRepository', 'HelmRepository', 'HelmChart'],
  [HELM_GROUP]: ['HelmRelease'],
};
const GROUPS = Object.keys(KINDS);
const NAMED =
  /\b(?:Application|ApplicationSet|Kustomization|GitRepository|OCIRepository|HelmRepository|HelmChart|HelmRelease)\b/;

/** Whether a text may hold an object, or a template of one, that says what is applied. */
export function mayApply(text: string): boolean {
  return GROUPS.some((group) => text.includes(group)) && NAMED.test(text);
}

/** The objects of a text that say what is applied; none where it cannot be parsed. */
export function findApplyingObjects(path: string, text: string, { parse }: Parser): ApplyingObject[] {
  if (!mayApply(text)) return [];
  const parsed = parse(text);
  if (!isParsed(parsed)) return [];
  return findObjects(parsed).flatMap(({ group, kind, name, namespace, document, at }): ApplyingObject[] => {
    if (!Object.hasOwn(KINDS, group) || !KINDS[group]?.includes(kind)) return [];
    const value = valueAt(parsed.values[document], at) ?? null;
    const own = namespace === undefined ? {} : { namespace };
    return [{ group, kind, name, ...own, value, path, place: { document, at } }];
  });
}
