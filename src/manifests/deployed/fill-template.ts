import { isObject, type Json } from '../documents.ts';
import { type Effort, IN_A_UNIT } from '../effort.ts';
import { UNKNOWN } from './deployed.ts';

/** The parameters of one instance, by their dotted names; `UNKNOWN` is a value that only the cluster knows. */
export type TemplateParams = ReadonlyMap<string, string>;

/** How a template is written, and what filling it in may take. */
export interface Filling {
  readonly go: boolean;
  readonly effort: Effort;
}

/** What one text of a template may be. */
const LONGEST = 10_000;
/** What is filled into one place; names and paths are far shorter. */
const LONGEST_VALUE = 1000;
const PLACEHOLDER = /\{\{([^{}]{0,200})\}\}/g;

/** A template with its parameters filled in; what is not a plain reference becomes `UNKNOWN`. */
export function fillTemplate(template: Json, params: TemplateParams, filling: Filling): Json {
  filling.effort.spend(1);
  if (typeof template === 'string') return fillText(template, params, filling);
  if (Array.isArray(template)) return template.map((item: Json) => fillTemplate(item, params, filling));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [
      fillText(key, params, filling),
      fillTemplate(value, params, filling),
    ]),
  );
}

function fillText(text: string, params: TemplateParams, { go, effort }: Filling): string {
  if (!text.includes('{{')) return text;
  if (text.length > LONGEST) return UNKNOWN;
  effort.spend(text.length / IN_A_UNIT.looks);
  // What is conditional, or repeated, is not evaluated.
  if (go && /\{\{-?\s*(?:if|else|end|range|with|define|template|block)\b/.test(text)) return UNKNOWN;
  return text.replace(PLACEHOLDER, (_, inner: string) => {
    const value = resolveReference(inner.trim(), params, go);
    if (value.length > LONGEST_VALUE) return UNKNOWN;
    effort.spend(value.length / IN_A_UNIT.looks);
    return value;
  });
}

function resolveReference(reference: string, params: TemplateParams, go: boolean): string {
  if (!go) return params.get(reference) ?? UNKNOWN;
  const trimmed = reference.replace(/^-/, '').replace(/-$/, '').trim();
  const indexed = /^index\s+\.([\w.]+)\s+"?([\w.-]+)"?$/.exec(trimmed);
  if (indexed) return params.get(`${indexed[1]}.${indexed[2]}`) ?? UNKNOWN;
  const plain = /^\.([\w.-]+)(?:\s*\|\s*(?:quote|trim|toString))?$/.exec(trimmed);
  return plain ? (params.get(plain[1] ?? '') ?? UNKNOWN) : UNKNOWN;
}

/** Every value of a map by its dotted name, as generators hand them to templates. */
export function flatten(value: Json, prefix = ''): [string, string][] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, inner]) => flatten(inner, prefix === '' ? key : `${prefix}.${key}`));
  }
  if (Array.isArray(value)) {
    return value.flatMap((inner: Json, index: number) =>
      flatten(inner, prefix === '' ? `${index}` : `${prefix}.${index}`),
    );
  }
  return value === null ? [] : [[prefix, String(value)]];
}
