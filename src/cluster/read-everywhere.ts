import type { Failure } from '../kubectl/explain-failure.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import type { Limiter } from '../limit.ts';
import type { ObjectMeta } from './api-types.ts';
import { type Pause, readList } from './read-list.ts';
import { listPath, type ReadScope } from './scope.ts';

/** What the readers of lists share. */
export interface Reader {
  readonly kubectl: Kubectl;
  readonly limit: Limiter;
  readonly pause?: Pause;
}

export interface Resource {
  /** `api/v1` or `apis/GROUP/VERSION`. */
  readonly api: string;
  readonly name: string;
  readonly labelSelector?: string;
}

/** A list that failed: of one namespace, or (without) of the whole cluster. */
export interface ListFailure {
  readonly namespace?: string;
  readonly failure: Failure;
}

export interface Everywhere<T> {
  readonly items: readonly T[];
  readonly failures: readonly ListFailure[];
}

/** One resource in all of the scope; the failure of one namespace's list leaves the others. */
export async function readEverywhere<Item extends { readonly metadata?: ObjectMeta }, T>(
  reader: Reader,
  scope: ReadScope,
  resource: Resource,
  map: (item: Item) => T | undefined,
): Promise<Everywhere<T>> {
  const namespaces = scope.kind === 'cluster' ? [undefined] : scope.names;
  const keep = (item: Item) =>
    scope.kind === 'cluster' && !scope.keeps(item.metadata?.namespace ?? '') ? undefined : map(item);
  const lists = await Promise.all(
    namespaces.map((namespace) =>
      reader.limit(async () => {
        const path = listPath(resource.api, resource.name, namespace);
        const request = resource.labelSelector ? { path, labelSelector: resource.labelSelector } : { path };
        return { namespace, list: await readList(reader.kubectl, request, keep, reader.pause) };
      }),
    ),
  );
  return {
    items: lists.flatMap(({ list }) => (list.ok ? list.items : [])),
    failures: lists.flatMap(({ namespace, list }) =>
      list.ok ? [] : [{ failure: list.failure, ...(namespace === undefined ? {} : { namespace }) }],
    ),
  };
}
