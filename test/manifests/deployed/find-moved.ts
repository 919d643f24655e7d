import { parseQuantity } from '../../../src/quantity.ts';
import { mapAt, type Rendered, type Value } from './render-applications.ts';

/** A container's memory in what an application renders to. */
export interface Shown {
  readonly limit: number | undefined;
  readonly request: number | undefined;
}

const POD_SPECS = [['spec', 'template', 'spec'], ['spec'], ['spec', 'jobTemplate', 'spec', 'template', 'spec']];

/** Every container of every application, by `application: namespace/name/container`. */
export function containersOf(rendered: Rendered): ReadonlyMap<string, Shown> {
  return new Map(
    [...rendered].flatMap(([application, objects]) => objects.flatMap((one) => shownIn(application, one))),
  );
}

function shownIn(application: string, object: Value): [string, Shown][] {
  const { namespace = '', name } = mapAt(object, 'metadata');
  return containersIn(object).map((container) => {
    const resources = mapAt(container, 'resources');
    const memoryIn = (section: string) => parseQuantity(String(mapAt(resources, section).memory ?? ''));
    const key = `${application}: ${namespace}/${name}/${container.name}`;
    return [key, { limit: memoryIn('limits'), request: memoryIn('requests') }];
  });
}

function containersIn(object: Value): Value[] {
  return POD_SPECS.flatMap((steps) => {
    const spec = steps.reduce(mapAt, object);
    return [spec.containers, spec.initContainers].flatMap((list) => (Array.isArray(list) ? (list as Value[]) : []));
  });
}

/**
 * The containers whose memory differs. Throws where anything else does: what is rendered without the memory must be the same.
 */
export function findMoved(before: Rendered, after: Rendered): string[] {
  for (const [name, objects] of before) {
    const [was, is] = [objects, after.get(name) ?? []].map((one) =>
      JSON.stringify(one.filter((object) => !isApplying(object)).map(withoutMemory), null, 1),
    );
    if (was !== is) throw new Error(`more than memory changed in ${name}:\n${was}\n${is}`);
  }
  const [was, is] = [containersOf(before), containersOf(after)];
  return [...was].flatMap(([key, shown]) => (JSON.stringify(shown) === JSON.stringify(is.get(key)) ? [] : [key]));
}

/** What says what is applied is not compared: what it makes is rendered in turn. */
function isApplying({ apiVersion }: Value): boolean {
  return /^argoproj\.io\/|\.toolkit\.fluxcd\.io\//.test(String(apiVersion));
}

function withoutMemory(object: Value): Value {
  const copy = structuredClone(object);
  for (const container of containersIn(copy) as { resources?: Record<string, Record<string, unknown>> }[]) {
    for (const section of Object.values(container.resources ?? {})) delete section.memory;
    const { resources } = container;
    if (resources && Object.values(resources).every((one) => Object.keys(one).length === 0)) delete container.resources;
    else
      for (const [key, one] of Object.entries(resources ?? {}))
        if (Object.keys(one).length === 0) delete resources?.[key];
  }
  return copy;
}
