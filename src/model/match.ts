/** What a container must be; what is left out may be anything. Globs. */
export interface ContainerMatch {
  readonly namespace?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly container?: string | undefined;
}

/** What a match looks at; `kind` and `name` are the workload's. */
export interface Matchable {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly container: string;
}
