import type { Tree } from '../import-commits.ts';
import { deployment } from '../manifests.ts';
import type { Change } from '../pull-request.ts';

/** What a pull request does about the cart, which uses 1250Mi, so that its new limit of 600Mi is not seen. */
export interface Hiding {
  readonly base?: Tree;
  readonly head: Change;
  readonly inputs?: Readonly<Record<string, string>>;
}

const CART = 'deploy/cart.yaml';
const SMALL = { limit: '600Mi', request: '600Mi' } as const;
const small = deployment(SMALL);
const mark = (text: string) => `# urn:kubernetes-memory-inspector:report\n${text}`;
const escaped = (text: string) => text.replace('kind: Deployment', 'kind: "D\\U00000065ploy\\u006dent"');
const goesOn = (text: string) => text.replace('kind: Deployment', 'kind: "Deploy\\\n  ment"');
const filledIn = (variable: string) => `$\{${variable}}`;

/** Red, whatever is done. */
export const hidden: Readonly<Record<string, Hiding>> = {
  'the mark of a report in a comment': { head: { [CART]: mark(small) } },
  'that mark in the base already': { base: { [CART]: mark(deployment()) }, head: { [CART]: mark(small) } },
  'its kind with an escape': { head: { [CART]: escaped(small) } },
  'its kind with an escape, in the base too': {
    base: { [CART]: escaped(deployment()) },
    head: { [CART]: escaped(small) },
  },
  'its kind over two lines': { head: { [CART]: goesOn(small) } },
  'a number that Kubernetes reads as octal': { head: { [CART]: deployment({ limit: '02000000000', request: null }) } },
  'a second document of the same name behind it': { head: { [CART]: `${deployment()}---\n${small}` } },
  'a namespace that is filled in when it is applied': {
    head: { [CART]: deployment({ ...SMALL, namespace: filledIn('x:=shop') }) },
  },
  'such a namespace in the base too': {
    base: { [CART]: deployment({ namespace: filledIn('x') }) },
    head: { [CART]: deployment({ ...SMALL, namespace: filledIn('x') }) },
  },
};

/** Not known, which is not green. */
export const unknown: Readonly<Record<string, Hiding>> = {
  'a name that is filled in when it is applied': {
    head: { [CART]: deployment({ ...SMALL, name: `c${filledIn('x:=art')}` }) },
  },
};
