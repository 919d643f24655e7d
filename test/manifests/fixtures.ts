import { type Bytes, bytes } from '../../src/bytes.ts';
import type { TextEdit } from '../../src/model/location.ts';
import type { RepositoryFile, RepositoryFiles } from '../../src/model/repository-files.ts';
import type { ProposedValue, Suggestion } from '../../src/model/suggestion.ts';
import type { Setting, SizedKind, TemplateContainer, Workload, WorkloadRef } from '../../src/model/workload.ts';
import { parseQuantity } from '../../src/quantity.ts';
import { applyEdits } from '../../src/text/apply-edits.ts';

export const NACOS: WorkloadRef = { namespace: 'pigo-rel', group: 'apps', kind: 'Deployment', name: 'nacos' };

/** Files in memory; `types` overrides what a path is. */
export function filesOf(
  texts: Readonly<Record<string, string | Uint8Array>>,
  types: Readonly<Record<string, RepositoryFile['type']>> = {},
): RepositoryFiles {
  const content = (path: string) => {
    const text = texts[path];
    if (text === undefined) throw new Error(`not listed: ${path}`);
    return typeof text === 'string' ? new TextEncoder().encode(text) : text;
  };
  return {
    list: async () =>
      Object.keys(texts).map((path) => ({ path, size: content(path).length, type: types[path] ?? 'file' })),
    read: async (path) => {
      if (types[path]) throw new Error(`${path} must not be read`);
      return content(path);
    },
  };
}

/** A file's text with those of the edits that are its own. */
export function editFile(path: string, text: string, edits: readonly TextEdit[]): string {
  return applyEdits(
    text,
    edits.filter((edit) => edit.path === path),
  );
}

/** `null` is absent, `undefined` unknown. */
export function setting(quantity: string | null | undefined): Setting {
  if (quantity === null) return { state: 'absent' };
  return quantity === undefined ? { state: 'unknown' } : { state: 'set', bytes: size(quantity) };
}

export function size(quantity: string): Bytes {
  return parseQuantity(quantity) ?? bytes(Number.NaN);
}

export interface Live {
  readonly name: string;
  readonly limit: string | null | undefined;
  readonly request: string | null | undefined;
  readonly kind?: SizedKind;
}

export function workload(ref: WorkloadRef, containers: readonly Live[], change: Partial<Workload> = {}): Workload {
  return {
    ref,
    edit: { allowed: true },
    vpa: 'none',
    memoryHpa: 'none',
    hints: {},
    pods: [],
    containers: containers.map(
      (live): TemplateContainer => ({
        name: live.name,
        kind: live.kind ?? 'container',
        image: 'registry.example/image:1',
        limit: setting(live.limit),
        request: setting(live.request),
      }),
    ),
    ...change,
  };
}

export function suggestion(ref: WorkloadRef, container: string, to: { limit?: string; request?: string }): Suggestion {
  const proposed = (quantity: string): ProposedValue => ({
    from: { state: 'unknown' },
    to: size(quantity),
    why: 'measured',
  });
  return {
    workload: ref,
    container,
    ...(to.limit ? { limit: proposed(to.limit) } : {}),
    ...(to.request ? { request: proposed(to.request) } : {}),
    direction: 'raise',
    level: 'red',
    delivery: { kind: 'change' },
    confidence: { level: 'high', why: '14 days' },
    notes: [],
  };
}

/** A suggestion for a container as it is live, in the direction that its values have. */
export function suggestionFor(
  live: Workload | undefined,
  container: string,
  to: { limit?: string; request?: string },
): Suggestion {
  const wanted = suggestion(live?.ref ?? NACOS, container, to);
  const now = live?.containers.find(({ name }) => name === container);
  const { limit, request } = wanted;
  const lowers = [[limit, now?.limit] as const, [request, now?.request] as const].some(
    ([value, from]) => value && from?.state === 'set' && value.to < from.bytes,
  );
  return {
    ...wanted,
    ...(limit && now ? { limit: { ...limit, from: now.limit } } : {}),
    ...(request && now ? { request: { ...request, from: now.request } } : {}),
    direction: lowers ? 'lower' : 'raise',
  };
}
