import { indexManifests } from '../src/manifests/index-manifests.ts';
import { locate } from '../src/manifests/locate.ts';

const FILES = 5000;
const SUGGESTIONS = 100;

/** Scans 5,000 manifests and locates 100 suggestions in them; resolves to the milliseconds of both. */
export async function benchManifests() {
  const encoder = new TextEncoder();
  const texts = new Map();
  for (let number = 0; number < FILES; number += 1) {
    texts.set(`deploy/team-${number % 50}/app-${number}.yaml`, encoder.encode(manifest(`app-${number}`)));
  }
  const files = {
    list: async () => [...texts].map(([path, content]) => ({ path, size: content.length, type: 'file' })),
    read: async (path) => texts.get(path),
  };
  const start = performance.now();
  const index = await indexManifests(files, []);
  const scanned = performance.now();
  const refs = Array.from({ length: SUGGESTIONS }, (_, number) => ref(`app-${number * 37}`));
  const workloads = refs.map(workload);
  const locations = await locate(refs.map(suggestion), { index, files, workloads });
  const done = performance.now();
  const located = locations.filter((location) => location.state === 'located').length;
  return {
    files: FILES,
    scanMs: Math.round(scanned - start),
    suggestions: SUGGESTIONS,
    located,
    locateMs: Math.round(done - scanned),
  };
}

function ref(name) {
  return { namespace: 'bench', group: 'apps', kind: 'Deployment', name };
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
  return { workload: named, container: 'app', limit, direction: 'raise', level: 'red', notes: [] };
}

function set(mebibytes) {
  return { state: 'set', bytes: mebibytes * 1024 ** 2 };
}

function manifest(name) {
  const settings = Array.from({ length: 30 }, (_, number) => `  SETTING_${number}: "value ${number}"`).join('\n');
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: bench
data:
${settings}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: bench
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

if (process.argv[1] === import.meta.filename) console.log(await benchManifests());
