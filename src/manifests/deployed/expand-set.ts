import { isObject, type Json, valueAt } from '../documents.ts';
import { itemsAt, mapAt, textAt } from '../helm/find-objects.ts';
import { type ApplyingObject, UNKNOWN, type Unreadable } from './deployed.ts';
import { type Filling, fillTemplate } from './fill-template.ts';
import { generate, type Repository } from './generate.ts';
import { sayObject } from './read-argo.ts';

/** The Applications that an `ApplicationSet` makes; or, where its generators are not known, which folders they may apply. */
export async function expandSet(
  set: ApplyingObject,
  repository: Omit<Repository, 'go'>,
): Promise<readonly (ApplyingObject | Unreadable)[]> {
  const spec = mapAt(set.value, 'spec');
  const go = spec.goTemplate === true;
  const template = mapAt(spec, 'template');
  const filling = { go, effort: repository.effort };
  if (textAt(spec, 'templatePatch') !== undefined) return unread(set, template, filling, 'it has a templatePatch');
  const generated = await generate(itemsAt(spec, 'generators'), { ...repository, go });
  if (generated.state === 'not known') return unread(set, template, filling, generated.why);
  return generated.instances.map(({ params, onEachCluster }): ApplyingObject => {
    const value = fillTemplate(template, params, filling);
    const metadata = valueAt(value, ['metadata']);
    return {
      ...set,
      kind: 'Application',
      name: textAt(metadata, 'name') ?? UNKNOWN,
      namespace: set.namespace,
      value,
      template,
      ...(set.place ? { place: { ...set.place, at: [...set.place.at, 'spec', 'template'] } } : {}),
      writtenBy: `the ApplicationSet ${set.name}`,
      onEachCluster,
    };
  });
}

/** The template with nothing filled in shows which folders may be meant. */
function unread(set: ApplyingObject, template: Json, filling: Filling, why: string): Unreadable[] {
  const filled = mapAt(fillTemplate(template, new Map(), filling), 'spec');
  const sources = isObject(filled.source) ? [filled.source] : itemsAt(filled, 'sources');
  return sources.flatMap((source) => {
    const folder = textAt(source, 'path');
    return folder === undefined ? [] : [{ definedIn: set.path, what: sayObject(set), why, folder }];
  });
}
