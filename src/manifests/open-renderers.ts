import { createHelm, type Helm } from './helm/run-helm.ts';
import { createKustomize, type Kustomize } from './kustomize/render.ts';
import { type Budget, createBudget } from './rendering/budget.ts';
import { type ChildLimits, findClosed } from './rendering/run-closed.ts';
import { openScratch, type Scratch } from './rendering/scratch.ts';

/** What a run renders with; all of it shares one budget and one private folder. */
export interface Renderers {
  readonly kustomize: Kustomize;
  readonly helm: Helm;
  readonly scratch: Scratch;
  readonly budget: Budget;
  /** Removes the folder. */
  close(): void;
}

export interface RenderingOptions {
  /** The PATH on which kubectl and helm are looked for. */
  readonly path: string;
  /** An existing folder for the private one. */
  readonly parent: string;
  /** The cluster's Kubernetes version, where it is known. */
  readonly kubeVersion?: string;
  readonly limits?: ChildLimits;
  /** Seconds since any fixed moment. */
  elapsed(): number;
}

export function openRenderers({ path, parent, kubeVersion, limits, elapsed }: RenderingOptions): Renderers {
  const scratch = openScratch(parent);
  const budget = createBudget(elapsed);
  const [kubectl, helm] = ['kubectl', 'helm'].map((name) => findClosed(name, path, limits));
  return {
    kustomize: createKustomize({ kubectl, scratch, budget }),
    helm: createHelm({ helm, scratch, budget, kubeVersion }),
    scratch,
    budget,
    close: () => scratch.close(),
  };
}
