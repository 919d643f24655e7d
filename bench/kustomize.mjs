import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexManifests } from '../src/manifests/index-manifests.ts';
import { createKustomize } from '../src/manifests/kustomize/render.ts';
import { locate } from '../src/manifests/locate.ts';

const BASES = 10;
const ENVIRONMENTS = ['dev', 'int', 'stg', 'pre', 'rel'];

/** Renders 50 roots with kubectl and locates a suggestion in each base's release overlay; resolves to numbers. */
export async function benchKustomize() {
  const encoder = new TextEncoder();
  const texts = new Map();
  for (let number = 0; number < BASES; number += 1) {
    texts.set(`base-${number}/kustomization.yaml`, 'resources:\n- app.yaml\n');
    texts.set(`base-${number}/app.yaml`, manifest(`app-${number}`));
    for (const environment of ENVIRONMENTS) {
      const text = `namespace: ${environment}\nresources:\n- ../../base-${number}\n`;
      texts.set(`${environment}/app-${number}/kustomization.yaml`, text);
    }
  }
  const files = {
    list: async () => [...texts].map(([path, text]) => ({ path, size: text.length, type: 'file' })),
    read: async (path) => encoder.encode(texts.get(path)),
  };
  const refs = Array.from({ length: BASES }, (_, number) => ref(`app-${number}`));
  const scratch = mkdtempSync(join(tmpdir(), 'bench-kustomize-'));
  let renders = 0;
  const real = createKustomize({ scratch, path: process.env.PATH ?? '' });
  const kustomize = {
    render: (...asked) => {
      renders += 1;
      return real.render(...asked);
    },
  };
  try {
    const start = performance.now();
    const index = await indexManifests(files, []);
    const locations = await locate(refs.map(suggestion), { index, files, workloads: refs.map(workload), kustomize });
    const located = locations.filter((location) => location.state === 'located').length;
    const roots = BASES * ENVIRONMENTS.length;
    return { roots, suggestions: refs.length, located, renders, locateMs: Math.round(performance.now() - start) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function ref(name) {
  return { namespace: 'rel', group: 'apps', kind: 'Deployment', name };
}

function workload(named) {
  const container = { name: 'app', kind: 'container', image: 'x', limit: set(2000), request: set(1000) };
  return {
    ref: named,
    edit: { allowed: true },
    containers: [container],
    vpa: 'none',
    memoryHpa: 'none',
    hints: {},
    pods: [],
  };
}

function suggestion(named) {
  const limit = { from: set(2000), to: 2560 * 1024 ** 2, why: '' };
  const request = { from: set(1000), to: 1536 * 1024 ** 2, why: '' };
  return { workload: named, container: 'app', limit, request, direction: 'raise', level: 'red', notes: [] };
}

function set(mebibytes) {
  return { state: 'set', bytes: mebibytes * 1024 ** 2 };
}

function manifest(name) {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  template:
    spec:
      containers:
        - name: app
          image: registry.example/${name}:1
          resources:
            limits:
              memory: 2000Mi
            requests:
              memory: 1000Mi
`;
}

if (process.argv[1] === import.meta.filename) console.log(await benchKustomize());
