import type { DeclaredContainer } from '../../model/declared.ts';
import { addTo } from '../../text/add-to.ts';

/**
 * Of containers that are new those in whose place others are gone, each by the new one: of the same workload in another namespace or
 * cluster, or of the same image in the same application. Where several may be meant, none is.
 */
export function findFormer(
  gone: readonly DeclaredContainer[],
  made: readonly DeclaredContainer[],
): ReadonlyMap<DeclaredContainer, DeclaredContainer> {
  const [byName, byImage] = [groupBy(gone, nameOf), groupBy(gone, imageOf)];
  const found = new Map<DeclaredContainer, DeclaredContainer>();
  for (const one of made) {
    const named = byName.get(nameOf(one)) ?? [];
    const of = named.length > 0 ? named : (byImage.get(imageOf(one) ?? '') ?? []);
    const near = of.filter(({ application }) => application.name === one.application.name);
    const [only, ...more] = near.length > 0 ? near : of;
    if (only !== undefined && more.length === 0) found.set(one, only);
  }
  return found;
}

function groupBy(
  containers: readonly DeclaredContainer[],
  keyOf: (one: DeclaredContainer) => string | undefined,
): ReadonlyMap<string, readonly DeclaredContainer[]> {
  const groups = new Map<string, DeclaredContainer[]>();
  for (const one of containers) {
    const key = keyOf(one);
    if (key !== undefined) addTo(groups, key, one);
  }
  return groups;
}

function nameOf({ workload: { group, kind, name: workload }, name }: DeclaredContainer): string {
  return JSON.stringify([group, kind, workload, name]);
}

function imageOf({ application: { way, name }, image, kind }: DeclaredContainer): string | undefined {
  return image === undefined ? undefined : JSON.stringify([way, name, kind, image]);
}
