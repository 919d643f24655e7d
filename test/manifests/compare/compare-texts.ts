import { formatBytes } from '../../../src/bytes.ts';
import { compareTrees } from '../../../src/manifests/compare/compare-trees.ts';
import { indexManifests } from '../../../src/manifests/index-manifests.ts';
import type { Renderers } from '../../../src/manifests/open-renderers.ts';
import type { TreeContext } from '../../../src/manifests/way.ts';
import { openTree } from '../../../src/manifests/ways.ts';
import type { ContainerChange, ValueChange } from '../../../src/model/gate.ts';
import type { Setting } from '../../../src/model/workload.ts';
import { filesOf } from '../fixtures.ts';

export type Texts = Readonly<Record<string, string>>;

/** The lines of files that no merge has moved. */
const LINES = {
  shownLine: async (_: string, line: number) => line,
  lineOfRemoval: async (_: string, line: number) => line,
};

/** Compares repositories with these renderers, and tells in short lines what differs. `undefined` takes a file away. */
export function comparing(renderers: Renderers) {
  const treeOf = async (texts: Texts, more: Partial<TreeContext>) => {
    const files = filesOf(texts);
    const index = await indexManifests(files, []);
    return openTree({ files, index, workloads: [], kustomize: renderers.kustomize, helm: renderers, ...more });
  };
  return async (base: Texts, change: Readonly<Record<string, string | undefined>>, more: Partial<TreeContext> = {}) => {
    const head = changeTexts(base, change);
    const paths = [...new Set([...Object.keys(base), ...Object.keys(head)])];
    const changed = new Set(paths.filter((path) => base[path] !== head[path]));
    const before = renderers.budget.renders;
    const pair = { base: await treeOf(base, more), head: await treeOf(head, more), changed, lines: LINES };
    const { containers, unread } = await compareTrees(pair);
    return {
      said: containers.map(say),
      unread: unread.map(({ path, reason }) => `${path}: ${reason}`),
      renders: renderers.budget.renders - before,
      containers,
    };
  };
}

export function changeTexts(base: Texts, change: Readonly<Record<string, string | undefined>>): Texts {
  const texts = Object.entries({ ...base, ...change });
  return Object.fromEntries(texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])));
}

function say({ kind, application, workload, container, limit, request }: ContainerChange): string {
  const where = `${workload.namespace ?? '-'}/${workload.name}/${container}`;
  const values = [sayValue('limit', limit), sayValue('request', request)].filter((text) => text !== '').join(' ');
  return `${kind} ${application.name}: ${where} ${values}`.trim();
}

function sayValue(name: string, { before, after, at }: ValueChange): string {
  if (at === undefined) return '';
  return `${name} ${saySetting(before)}→${saySetting(after)} at ${at.path}:${at.line ?? '-'}`;
}

export function saySetting(setting: Setting): string {
  return setting.state === 'set' ? formatBytes(setting.bytes) : setting.state;
}

export const deployment = (name: string, limit: string | undefined, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: app
          image: x:1
          resources:
            requests:
              memory: 100Mi
${limit === undefined ? '' : `            limits:\n              memory: ${limit}\n`}${more}`;
