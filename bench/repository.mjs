/** Repositories in memory, and what a run would look for in them. */

const MIB = 1024 ** 2;
export const ENVIRONMENTS = ['dev', 'int', 'stg', 'pre', 'rel'];

/**
 * A repository's files, as a run reads them.
 *
 * @param {ReadonlyMap<string, string>} texts
 * @returns {import('../src/model/repository-files.ts').RepositoryFiles}
 */
export function filesOf(texts) {
  const encoder = new TextEncoder();
  const contents = new Map([...texts].map(([path, text]) => [path, encoder.encode(text)]));
  return {
    list: async () => [...contents].map(([path, content]) => ({ path, size: content.length, type: 'file' })),
    async read(path) {
      const content = contents.get(path);
      if (content === undefined) throw new Error(`not a file of the repository: ${path}`);
      return content;
    },
  };
}

/**
 * A live Deployment of one container that has 2000Mi and 1000Mi, and the suggestion to raise both.
 *
 * @param {string} namespace
 * @param {string} name
 */
export function subject(namespace, name) {
  const ref = { namespace, group: 'apps', kind: 'Deployment', name };
  const container = { name: 'app', kind: 'container', image: 'x', limit: set(2000), request: set(1000) };
  const limit = { from: set(2000), to: 2560 * MIB, why: '' };
  const request = { from: set(1000), to: 1536 * MIB, why: '' };
  const nothing = { vpa: 'none', memoryHpa: 'none', hints: {}, pods: [] };
  return {
    workload: { ref, edit: { allowed: true }, containers: [container], ...nothing },
    suggestion: {
      workload: ref,
      container: 'app',
      limit,
      request,
      direction: 'raise',
      level: 'red',
      delivery: { kind: 'change' },
      confidence: { level: 'high', why: '' },
      notes: [],
    },
  };
}

/** @param {number} mebibytes */
function set(mebibytes) {
  return { state: 'set', bytes: mebibytes * MIB };
}

/**
 * @param {string} name
 * @param {string} resources at the indentation of the container's keys
 */
export function deployment(
  name,
  resources = 'resources: { limits: { memory: 2000Mi }, requests: { memory: 1000Mi } }',
) {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  template:
    spec:
      containers:
        - name: app
          image: example.invalid/app:1
          ${resources}
`;
}

/** Every file of a plain repository: a ConfigMap of thirty settings and a Deployment each. @param {number} count */
export function plainRepository(count) {
  const settings = Array.from({ length: 30 }, (_, number) => `  SETTING_${number}: "value ${number}"`).join('\n');
  const texts = new Map();
  for (let number = 0; number < count; number += 1) {
    const map = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: app-${number}, namespace: bench }\ndata:\n${settings}\n`;
    const workload = deployment(`app-${number}`).replace('metadata:\n', 'metadata:\n  namespace: bench\n');
    texts.set(`deploy/team-${number % 50}/app-${number}.yaml`, `${map}---\n${workload}`);
  }
  return texts;
}

/** Ten bases with five overlays each, and ten charts with five releases each. */
export function renderedRepository() {
  const texts = new Map();
  for (let number = 0; number < 10; number += 1) {
    texts.set(`base-${number}/kustomization.yaml`, 'resources:\n- app.yaml\n');
    texts.set(`base-${number}/app.yaml`, deployment(`app-${number}`));
    texts.set(`charts/shop-${number}/Chart.yaml`, `apiVersion: v2\nname: shop-${number}\nversion: 1.0.0\n`);
    texts.set(
      `charts/shop-${number}/templates/app.yaml`,
      deployment(`shop-${number}`, 'resources: {{ toJson .Values.app.resources }}'),
    );
    texts.set(`charts/shop-${number}/values.yaml`, 'app:\n  resources: {}\n');
    for (const environment of ENVIRONMENTS) {
      const overlay = `namespace: ${environment}\nresources:\n- ../../base-${number}\n`;
      texts.set(`${environment}/app-${number}/kustomization.yaml`, overlay);
      const resources = 'limits:\n      memory: 2000Mi\n    requests:\n      memory: 1000Mi';
      texts.set(`charts/shop-${number}/values-${environment}.yaml`, `app:\n  resources:\n    ${resources}\n`);
    }
  }
  return texts;
}

const OVERLAYS = ['dev', 'int', 'stg', 'pre', 'rel', 'dr'];

/**
 * A hundred bases with six overlays each, every second with patches, among plain files of two other kinds.
 *
 * @param {number} count of files in all
 * @returns {Iterable<[string, string]>}
 */
export function largeRepository(count) {
  /** @type {[string, string][]} */
  const files = [];
  for (let number = 0; number < 100; number += 1) {
    const [name, folder] = [`app-${number}`, `apps/app-${number}`];
    files.push([`${folder}/base/kustomization.yaml`, 'resources:\n- app.yaml\n']);
    files.push([`${folder}/base/app.yaml`, deployment(name)]);
    for (const overlay of OVERLAYS) {
      const patches = number % 2 === 0 ? '' : 'patches:\n- path: memory.yaml\n';
      const text = `namespace: shop-${overlay}\nresources:\n- ../../base\n${patches}`;
      files.push([`${folder}/overlays/${overlay}/kustomization.yaml`, text]);
      if (patches !== '') files.push([`${folder}/overlays/${overlay}/memory.yaml`, deployment(name)]);
    }
  }
  const settings = Array.from({ length: 10 }, (_, number) => `  SETTING_${number}: "value ${number}"`).join('\n');
  for (let number = files.length; number < count; number += 1) {
    const map = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: svc-${number}, namespace: x }\ndata:\n${settings}\n`;
    const plain = deployment(`svc-${number}`).replace('metadata:\n', 'metadata:\n  namespace: x\n');
    files.push([`plain/team-${number % 200}/svc-${number}.yaml`, number % 3 === 0 ? plain : map]);
  }
  return files;
}

/**
 * Reports as an action leaves them, a Markdown page and a JSON file a day.
 *
 * @param {number} days
 * @param {number} containers
 * @returns {[string, string][]}
 */
export function reportsOf(days, containers) {
  const checks = { usage: { level: 'green', used: 1000, limit: 2000 } };
  const lines = Array.from({ length: containers }, (_, number) =>
    JSON.stringify({
      ...{ namespace: 'shop', kind: 'Deployment', name: `app-${number}` },
      containers: [{ name: 'app', level: 'green', checks }],
    }),
  );
  return Array.from({ length: days }, (_, day) => {
    const date = new Date(1_700_000_000_000 + day * 86_400_000).toISOString().slice(0, 10);
    const head = `{\n"$schema": "urn:kubernetes-memory-inspector:report:2",\n"date": "${date}",\n"workloads": [\n`;
    /** @type {[string, string][]} */
    const files = [
      [`reports/memory/${date}.json`, `${head}${lines.join(',\n')}\n]\n}\n`],
      [`reports/memory/${date}.md`, `# Memory report\n\n${lines.slice(0, 50).join('\n')}\n`],
    ];
    return files;
  }).flat();
}

/** The releases of `renderedRepository`, as the option `helm-releases` names them. */
export function releases() {
  return Array.from({ length: 10 }, (_, number) => number).flatMap((number) =>
    ENVIRONMENTS.map((environment) => ({
      release: `shop-${number}`,
      namespace: environment,
      chart: `charts/shop-${number}`,
      values: [`charts/shop-${number}/values-${environment}.yaml`],
    })),
  );
}
