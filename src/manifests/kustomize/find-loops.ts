import { folderOf } from '../reach.ts';

interface Including {
  readonly path: string;
  readonly includes: readonly string[];
}

/** Of kustomizations that include each other, in a few words which; by the path of each of them. */
export function findLoops(kustomizations: ReadonlyMap<string, Including>): ReadonlyMap<string, string> {
  const loops = new Map<string, string>();
  const entered = new Set<string>();
  for (const start of kustomizations.keys()) {
    const way: { readonly path: string; readonly rest: string[] }[] = [];
    const onWay = new Set<string>();
    const enter = (path: string) => {
      entered.add(path);
      onWay.add(path);
      way.push({ path, rest: [...(kustomizations.get(path)?.includes ?? [])] });
    };
    if (!entered.has(start)) enter(start);
    for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
      const next = here.rest.pop();
      if (next === undefined) {
        onWay.delete(here.path);
        way.pop();
      } else if (onWay.has(next)) {
        const members = way.slice(way.findIndex(({ path }) => path === next)).map(({ path }) => path);
        const words = sayLoop(members);
        for (const path of members) if (!loops.has(path)) loops.set(path, words);
      } else if (!entered.has(next)) {
        enter(next);
      }
    }
  }
  return loops;
}

const SHOWN = 5;

function sayLoop(members: readonly string[]): string {
  const folders = members.map((path) => folderOf(path).replace(/\/$/, '') || 'the root folder').sort();
  const shown = folders.length > SHOWN ? [...folders.slice(0, SHOWN), `${folders.length - SHOWN} more`] : folders;
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)} include each other`;
}
