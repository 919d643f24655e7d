import type { Options } from '../options/schema.ts';

/** About which namespaces Prometheus is asked; `except` are patterns, for where they are `all`. */
export interface Question {
  readonly namespaces: readonly string[] | 'all';
  readonly except: readonly string[];
}

/**
 * What Prometheus can be asked about before the cluster has been read: the namespaces that the options name, or all but
 * those that they leave out. `undefined` where only the cluster tells which they are, or a selector takes but a part of
 * their pods.
 */
export function chooseQuestion(
  options: Pick<Options, 'namespaces' | 'excludeNamespaces' | 'selector'>,
): Question | undefined {
  const { namespaces, excludeNamespaces: except } = options;
  if (namespaces.some(isPattern) || options.selector) return undefined;
  return namespaces.length === 0
    ? { namespaces: 'all', except }
    : { namespaces: [...new Set(namespaces)].sort(), except: [] };
}

function isPattern(name: string): boolean {
  return /[*?]/.test(name);
}
