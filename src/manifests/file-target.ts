import type { ReachedPlace } from '../model/location.ts';
import type { Suggestion } from '../model/suggestion.ts';
import type { TemplateContainer } from '../model/workload.ts';
import { findConflict, findDrift } from './compare-live.ts';
import { isObject, type Json, type ParsedFile, type Path, valueAt } from './documents.ts';
import type { MemoryTarget } from './edit-memory.ts';
import type { WhyNot } from './readable.ts';

/** A target in a file whose value agrees with the live one; what remains is to plan and prove the edit. */
export interface FileTarget {
  readonly path: string;
  readonly text: string;
  readonly parsed: ParsedFile;
  readonly target: MemoryTarget;
  /** Where else the file is applied, if it is applied more than once. */
  readonly reaches?: readonly ReachedPlace[];
}

/** What a suggestion wants of the map `holder`, whose `key` is the container's `resources`. */
export function targetOf(suggestion: Suggestion, document: number, holder: Path, key: string): MemoryTarget {
  const limit = suggestion.limit?.to;
  const request = suggestion.request?.to;
  return { document, holder, key, ...(limit ? { limit } : {}), ...(request ? { request } : {}) };
}

/** Why a target must not be edited for what its values are. */
export function checkTarget(
  parsed: ParsedFile,
  target: MemoryTarget,
  live: TemplateContainer,
  suggestion: Suggestion,
): WhyNot | undefined {
  const resources = valueAt(parsed.values[target.document], [...target.holder, target.key]);
  if (looksTemplated(resources)) return { reason: 'template', why: 'a template writes the value' };
  const drift = findDrift(resources, live, suggestion);
  if (drift) return { reason: 'drift', why: drift };
  const conflict = findConflict(resources, suggestion);
  return conflict ? { reason: 'not editable', why: conflict } : undefined;
}

function looksTemplated(resources: Json | undefined): boolean {
  return ['limits', 'requests'].some((section) => {
    const memory = valueAt(resources, [section, 'memory']);
    return isObject(memory) || (typeof memory === 'string' && /\{\{|\$[{(]|\(\(|<</.test(memory));
  });
}
