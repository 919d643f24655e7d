import type { Tree } from '../import-commits.ts';
import { deployment } from '../manifests.ts';
import type { Change } from '../pull-request.ts';

/** What a pull request does about the cart, which uses 1250Mi, so that its new limit of 600Mi is not seen. */
export interface Hiding {
  readonly base?: Tree;
  readonly head: Change;
  readonly inputs?: Readonly<Record<string, string>>;
}

const application = (cluster: string, path: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${cluster}-${path}, namespace: argocd}
spec:
  destination: {name: ${cluster}, namespace: shop}
  source: {repoURL: https://github.com/acme/infra.git, targetRevision: main, path: ${path}}
`;
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
  'another name of its container': { head: { [CART]: small.replace('name: app\n', 'name: cart\n') } },
  'another name': {
    head: { [CART]: deployment({ ...SMALL, name: 'basket' }).replace('example/basket', 'example/cart') },
  },
  'another namespace, which is looked at': { head: { [CART]: deployment({ ...SMALL, namespace: 'shop-b' }) } },
  'another namespace, which is not looked at': { head: { [CART]: deployment({ ...SMALL, namespace: 'other' }) } },
  'a kustomization around it, which gives another namespace': {
    head: { [CART]: small, 'deploy/kustomization.yaml': 'namespace: other\nresources: [cart.yaml]\n' },
  },
  'an Application that applies it to another cluster': {
    base: { [CART]: deployment(), 'apps/own.yaml': application('eu-1', 'own') },
    head: { [CART]: small, 'apps/other.yaml': application('us-1', 'deploy') },
    inputs: { 'cluster-name': 'eu-1' },
  },
  'a folder of dependencies': { head: { [CART]: null, 'deploy/vendor/cart.yaml': small } },
  'a folder of GitHub': { head: { [CART]: null, 'deploy/.github/cart.yaml': small } },
  'the name of a lock file': { head: { [CART]: null, 'deploy/cart-lock.yaml': small } },
  'the folder of the reports': { head: { [CART]: null, 'reports/memory/cart.yaml': small } },
  'a folder that the globs leave out': {
    base: { [CART]: deployment(), '.github/memory-inspector.yml': 'manifests: ["deploy/*.yaml"]\n' },
    head: { [CART]: null, 'deploy/web/cart.yaml': small },
  },
  'a component that nothing loads': {
    head: { [CART]: small, 'deploy/kustomization.yaml': 'kind: Component\nresources: [cart.yaml]\n' },
  },
  'a name like that of a lock file, in the base too': {
    base: { 'deploy/cart-lock.yaml': deployment() },
    head: { 'deploy/cart-lock.yaml': small },
  },
  "the name of a tool's file that a kustomization loads": {
    base: { 'deploy/package.json': deployment(), 'deploy/kustomization.yaml': 'resources: [package.json]\n' },
    head: { 'deploy/package.json': small },
  },
  'such a namespace in the base too': {
    base: { [CART]: deployment({ namespace: filledIn('x') }) },
    head: { [CART]: deployment({ ...SMALL, namespace: filledIn('x') }) },
  },
};

/** Not known, which is not green. */
export const unknown: Readonly<Record<string, Hiding>> = {
  'a link in place of its folder': { head: { [CART]: null, deploy: { link: 'other' }, 'other/cart': small } },
  'a link in place of its kustomization': {
    base: {
      'web/cart.yaml': deployment({ namespace: null }),
      'web/kustomization.yaml': 'resources: [cart.yaml]\n',
      'rel/kustomization.yaml': 'namespace: shop\nresources: [../web]\n',
      'dev/kustomization.yaml': 'namespace: dev\nresources: [../web]\n',
    },
    head: { 'rel/kustomization.yaml': { link: '../dev/kustomization.yaml' } },
  },
  'a name that is filled in when it is applied': {
    head: { [CART]: deployment({ ...SMALL, name: `c${filledIn('x:=art')}` }) },
  },
};
