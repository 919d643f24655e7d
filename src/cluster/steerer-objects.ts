import type { ObjectMeta } from './api-types.ts';

interface TargetReference {
  readonly kind?: string;
  readonly name?: string;
}

export interface ApiVpa {
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly targetRef?: TargetReference;
    readonly updatePolicy?: { readonly updateMode?: string };
    readonly resourcePolicy?: {
      readonly containerPolicies?: readonly {
        readonly containerName?: string;
        readonly mode?: string;
        readonly controlledResources?: readonly string[];
      }[];
    };
  };
}

/** An object by which something steers memory: of whichever kind it is, the fields that are read. */
export interface SteererObject extends ApiVpa {
  readonly spec?: ApiVpa['spec'] & {
    readonly mode?: string;
    readonly applyPolicy?: { readonly mode?: string; readonly update?: { readonly strategy?: string } };
    readonly constraints?: { readonly containers?: readonly { readonly name?: string; readonly enabled?: boolean }[] };
  };
  readonly status?: { readonly mode?: string };
}

/** The key of a workload that an object names, with the object's mode. */
export function steeredTarget(
  metadata: ObjectMeta | undefined,
  target: TargetReference | undefined,
  mode?: string,
): { readonly key: string; readonly mode?: string } {
  const key = targetKey(metadata?.namespace, target);
  return mode === undefined ? { key } : { key, mode: String(mode).slice(0, 64) };
}

/** `namespace/kind/name`. */
export function targetKey(namespace = '', { kind = '', name = '' }: TargetReference = {}): string {
  return `${namespace}/${kind}/${name}`;
}
