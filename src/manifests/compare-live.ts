import { formatBytes } from '../bytes.ts';
import { kindOf } from '../model/kinds.ts';
import type { Suggestion } from '../model/suggestion.ts';
import { bytesOf, type Setting, type TemplateContainer } from '../model/workload.ts';
import type { Json } from './documents.ts';
import { memoryOf } from './memory.ts';

/**
 * Why a manifest's `resources` are not those of the live template; `undefined` when both values agree in bytes. A bare
 * pod's missing request was filled in by the API server from its limit.
 */
export function findDrift(
  resources: Json | undefined,
  live: TemplateContainer,
  suggestion: Suggestion,
): string | undefined {
  const request = memoryOf(resources, 'requests');
  const limit = memoryOf(resources, 'limits');
  const applied = [
    suggestion.limit === undefined || isSetTo(limit, suggestion.limit.to),
    suggestion.request === undefined || isSetTo(request, suggestion.request.to),
  ];
  if (applied.every(Boolean))
    return 'the manifest already has the suggested value, but the cluster does not run it yet';
  if (!agrees(limit, live.limit))
    return `the limit is ${say(limit)} in the manifest and ${say(live.limit)} in the cluster`;
  const filledIn =
    kindOf(suggestion.workload.kind)?.requestFilledIn && request.state === 'absent' && agrees(live.request, live.limit);
  if (filledIn || agrees(request, live.request)) return undefined;
  return `the request is ${say(request)} in the manifest and ${say(live.request)} in the cluster`;
}

/** Why the values after the change would be refused by the API server; `undefined` when they would not. */
export function findConflict(resources: Json | undefined, suggestion: Suggestion): string | undefined {
  const limit = suggestion.limit ? suggestion.limit.to : bytesOf(memoryOf(resources, 'limits'));
  const request = suggestion.request ? suggestion.request.to : bytesOf(memoryOf(resources, 'requests'));
  if (limit === undefined || request === undefined || request <= limit) return undefined;
  return `the request (${formatBytes(request)}) would exceed the limit (${formatBytes(limit)})`;
}

function isSetTo(setting: Setting, size: number): boolean {
  return setting.state === 'set' && setting.bytes === size;
}

function agrees(a: Setting, b: Setting): boolean {
  if (a.state === 'set' && b.state === 'set') return a.bytes === b.bytes;
  return a.state === b.state && a.state !== 'unknown';
}

function say(setting: Setting): string {
  if (setting.state === 'set') return formatBytes(setting.bytes);
  return setting.state === 'absent' ? 'not set' : 'not readable';
}
