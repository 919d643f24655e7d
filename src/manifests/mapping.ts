import type { Suggestion } from '../model/inspection.ts';
import type { Path } from './documents.ts';

/**
 * The user's word on where a container's memory stands: `path` leads, in `file`, to the map that has `limits` and
 * `requests` (`nacos.resources`, `spec.template.spec.containers[0].resources`). Absent fields of `match` match all;
 * the others take `*` and `?`.
 */
export interface Mapping {
  readonly match: {
    readonly namespace?: string;
    readonly kind?: string;
    readonly name?: string;
    readonly container?: string;
  };
  readonly file: string;
  readonly path: string;
}

/** The first mapping that matches. */
export function findMapping(mappings: readonly Mapping[], suggestion: Suggestion): Mapping | undefined {
  const { namespace, kind, name } = suggestion.workload;
  const is = { namespace, kind, name, container: suggestion.container };
  return mappings.find(({ match }) =>
    (['namespace', 'kind', 'name', 'container'] as const).every((field) => matches(match[field], is[field])),
  );
}

function matches(glob: string | undefined, value: string): boolean {
  if (glob === undefined) return true;
  const source = glob.replace(/[\\^$.*+?()[\]{}|]/g, (sign) =>
    sign === '*' ? '.*' : sign === '?' ? '.' : `\\${sign}`,
  );
  return new RegExp(`^${source}$`, 'su').test(value);
}

/** `a.b[0]."x.y"` as steps; `undefined` where it is no such path. */
export function parsePath(path: string): Path | undefined {
  const steps: (string | number)[] = [];
  let rest = path.trim();
  while (rest !== '') {
    const part = /^(?:\.?(?:"([^"]+)"|([^.[\]"]+))|\[(\d+)\])/.exec(rest);
    if (!part) return undefined;
    steps.push(part[3] === undefined ? (part[1] ?? part[2] ?? '') : Number(part[3]));
    rest = rest.slice(part[0].length);
  }
  return steps.length === 0 ? undefined : steps;
}
