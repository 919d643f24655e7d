import { type Bytes, bytes } from '../bytes.ts';
import type { DemandedBy, NamespaceBounds, QualityNote } from '../model/workload.ts';
import { isRatio } from '../plausible.ts';
import { parseQuantity } from '../quantity.ts';
import { capitalize } from '../text/format.ts';
import type { ApiLimitRange, ApiLimitRangeItem, ApiNode, ApiQuota, ResourceList } from './api-types.ts';
import { type Reader, readEverywhere } from './read-everywhere.ts';
import { readList } from './read-list.ts';
import { readSize } from './read-size.ts';
import type { ReadScope } from './scope.ts';

export interface Bounds {
  readonly bounds: readonly NamespaceBounds[];
  readonly largestNodeAllocatable?: Bytes;
  readonly notes: readonly QualityNote[];
}

/** What a suggestion has to stay within, as far as it can be read. */
export async function readBounds(reader: Reader, scope: ReadScope): Promise<Bounds> {
  const [ranges, quotas, nodes] = await Promise.all([
    readEverywhere(reader, scope, { api: 'api/v1', name: 'limitranges' }, boundsOfLimitRange),
    readEverywhere(reader, scope, { api: 'api/v1', name: 'resourcequotas' }, boundsOfQuota),
    reader.limit(() => readList(reader.kubectl, { path: '/api/v1/nodes' }, allocatableOf, reader.pause)),
  ]);
  const unread = [
    ...(ranges.failures.length > 0 ? ['LimitRanges'] : []),
    ...(quotas.failures.length > 0 ? ['ResourceQuotas'] : []),
    ...(nodes.ok ? [] : ['nodes']),
  ];
  const largest = bytes(Math.max(0, ...(nodes.ok ? nodes.items : [])));
  return {
    bounds: mergeBounds([...ranges.items, ...quotas.items]),
    ...(largest > 0 ? { largestNodeAllocatable: largest } : {}),
    notes:
      unread.length === 0
        ? []
        : [
            {
              kind: 'info',
              text: `${capitalize(new Intl.ListFormat('en-GB').format(unread))} could not be read, so no size is held against them`,
            },
          ],
  };
}

/** The narrowest bounds of each namespace, sorted by it. */
export function mergeBounds(all: readonly NamespaceBounds[]): readonly NamespaceBounds[] {
  const merged = new Map<string, NamespaceBounds>();
  for (const one of all) {
    const other = merged.get(one.namespace);
    merged.set(one.namespace, other ? narrower(one, other) : one);
  }
  return [...merged.values()].sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
}

export function boundsOfLimitRange({ metadata, spec }: ApiLimitRange): NamespaceBounds | undefined {
  const parts = (spec?.limits ?? []).map((item) => {
    if (item.type === 'Container') return bound(metadata?.namespace, boundsOfContainers(item));
    if (item.type !== 'Pod') return undefined;
    return bound(metadata?.namespace, { podSumMax: memoryOf(item.max), podSumMin: memoryOf(item.min) });
  });
  return mergeBounds(parts.filter((part) => part !== undefined))[0];
}

/** A missing default limit is the maximum, a missing default request the default limit or else the minimum. */
function boundsOfContainers(item: ApiLimitRangeItem): Parts {
  const [max, min] = [memoryOf(item.max), memoryOf(item.min)];
  const defaultLimit = memoryOf(item.default) ?? max;
  const limitPerRequest = ratioOf(item.maxLimitRequestRatio?.memory);
  const demands = limitPerRequest === undefined ? undefined : 'LimitRange';
  return {
    containerMax: max,
    containerMin: min,
    defaultLimit,
    defaultRequest: memoryOf(item.defaultRequest) ?? defaultLimit ?? min,
    limitPerRequest,
    demandsLimit: demands,
    demandsRequest: demands,
  };
}

function ratioOf(quantity: string | number | undefined): number | undefined {
  if (quantity === undefined) return undefined;
  const plain = Number(quantity);
  const ratio = Number.isNaN(plain) ? parseQuantity(String(quantity)) : plain;
  return ratio !== undefined && isRatio(ratio) ? ratio : undefined;
}

/** What a quota leaves. One for only some pods (by priority, best effort) says nothing of a container at large. */
export function boundsOfQuota({ metadata, spec, status }: ApiQuota): NamespaceBounds | undefined {
  const scopes = spec?.scopes ?? [];
  if (spec?.scopeSelector || scopes.some((scope) => scope !== 'NotTerminating' && scope !== 'NotBestEffort'))
    return undefined;
  const hard = status?.hard ?? spec?.hard;
  const used = status?.used;
  const quotaLimitsLeft = leftOf(hard, used, 'limits.memory');
  const quotaRequestsLeft = least(leftOf(hard, used, 'requests.memory'), leftOf(hard, used, 'memory'));
  return bound(metadata?.namespace, {
    quotaLimitsLeft,
    quotaRequestsLeft,
    ...(quotaLimitsLeft !== undefined && { demandsLimit: 'ResourceQuota' }),
    ...(quotaRequestsLeft !== undefined && { demandsRequest: 'ResourceQuota' }),
  });
}

export function allocatableOf({ status }: ApiNode): Bytes | undefined {
  return memoryOf(status?.allocatable);
}

function narrower(a: NamespaceBounds, b: NamespaceBounds): NamespaceBounds {
  return {
    namespace: a.namespace,
    ...bound(a.namespace, {
      containerMax: least(a.containerMax, b.containerMax),
      containerMin: greatest(a.containerMin, b.containerMin),
      quotaLimitsLeft: least(a.quotaLimitsLeft, b.quotaLimitsLeft),
      quotaRequestsLeft: least(a.quotaRequestsLeft, b.quotaRequestsLeft),
      defaultLimit: least(a.defaultLimit, b.defaultLimit),
      defaultRequest: least(a.defaultRequest, b.defaultRequest),
      limitPerRequest: least(a.limitPerRequest, b.limitPerRequest),
      podSumMax: least(a.podSumMax, b.podSumMax),
      podSumMin: greatest(a.podSumMin, b.podSumMin),
      demandsLimit: stricter(a.demandsLimit, b.demandsLimit),
      demandsRequest: stricter(a.demandsRequest, b.demandsRequest),
    }),
  };
}

type Parts = { readonly [Key in Exclude<keyof NamespaceBounds, 'namespace'>]?: NamespaceBounds[Key] | undefined };

function bound(namespace: string | undefined, parts: Parts): NamespaceBounds | undefined {
  const known = Object.entries(parts).filter(([, size]) => size !== undefined);
  return known.length === 0 ? undefined : { namespace: namespace ?? '', ...Object.fromEntries(known) };
}

function leftOf(hard: ResourceList | undefined, used: ResourceList | undefined, name: string): Bytes | undefined {
  const most = quantityOf(hard, name);
  return most === undefined ? undefined : bytes(Math.max(0, most - (quantityOf(used, name) ?? 0)));
}

function memoryOf(list: ResourceList | undefined): Bytes | undefined {
  return quantityOf(list, 'memory');
}

function quantityOf(list: ResourceList | undefined, name: string): Bytes | undefined {
  const quantity = list?.[name];
  return quantity === undefined ? undefined : readSize(quantity);
}

/** A quota is named first. */
function stricter(a: DemandedBy | undefined, b: DemandedBy | undefined): DemandedBy | undefined {
  return a === 'ResourceQuota' || b === undefined ? a : b;
}

function least<Size extends number>(a: Size | undefined, b: Size | undefined): Size | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}

function greatest(a: Bytes | undefined, b: Bytes | undefined): Bytes | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}
