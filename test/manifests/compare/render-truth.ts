import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { PROGRAMS } from '../test-renderers.ts';
import type { Texts } from './compare-texts.ts';
import type { Target } from './make-repository.ts';

/** Limit and request of each container, by the place where it runs: what the programs say that everybody deploys with. */
export type Truth = ReadonlyMap<string, { readonly limit: string; readonly request: string }>;

export function renderTruth(texts: Texts, targets: readonly Target[]): Truth {
  const root = mkdtempSync(join(tmpdir(), 'truth-'));
  try {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return new Map(targets.flatMap((target) => [...readContainers(render(target, root), target)]));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function render(target: Target, root: string): string {
  if (target.kind === 'plain') return readFileSync(join(root, target.path), 'utf8');
  const run = (program: string, args: readonly string[]) =>
    execFileSync(program, args, { cwd: root, encoding: 'utf8', env: { PATH: PROGRAMS, HOME: root } });
  if (target.kind === 'kustomize') return run('kubectl', ['kustomize', target.folder]);
  const chart = 'charts/shop';
  const files = target.files.flatMap((path) => ['-f', `${chart}/${path}`]);
  return run('helm', [
    'template',
    target.name,
    chart,
    '-n',
    target.name,
    ...files,
    ...target.set.flatMap((pair) => ['--set', pair]),
  ]);
}

interface Shape {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly items?: readonly Shape[];
  readonly spec?: {
    readonly template?: { readonly spec?: Pod };
  };
}

interface Pod {
  readonly containers?: readonly {
    readonly name: string;
    readonly resources?: Readonly<Record<'limits' | 'requests', { readonly memory?: string } | undefined>>;
  }[];
}

function* readContainers(text: string, target: Target): Generator<[string, { limit: string; request: string }]> {
  const documents = parseAllDocuments(text).map((document) => document.toJS() as Shape | null);
  for (const { kind, metadata, spec } of documents.flatMap((one) => one?.items ?? one ?? [])) {
    const namespace = metadata?.namespace ?? (target.kind === 'helm' ? target.name : '-');
    for (const { name, resources } of spec?.template?.spec?.containers ?? []) {
      const [limit, request] = [resources?.limits?.memory ?? 'absent', resources?.requests?.memory ?? 'absent'];
      yield [`${namespace}/${kind}/${metadata?.name}/${name}`, { limit, request }];
    }
  }
}
