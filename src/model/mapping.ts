import type { ContainerMatch } from './match.ts';

/** Where the `resources` block of a container stands that cannot be found otherwise. */
export interface Mapping {
  readonly match: ContainerMatch;
  readonly file: string;
  /** The keys that lead to the block in the file's one document. */
  readonly path: readonly (string | number)[];
}

/** Which chart and values files a Helm release is made from, lowest layer first. */
export interface NamedRelease {
  readonly release: string;
  readonly namespace: string;
  /** The chart's folder. */
  readonly chart: string;
  readonly values: readonly string[];
}
