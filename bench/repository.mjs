/** Repositories in memory, and what a run would look for in them. */

const MIB = 1024 ** 2;
export const ENVIRONMENTS = ['dev', 'int', 'stg', 'pre', 'rel'];

/**
 * A repository's files, as a run reads them.
 *
 * @param {ReadonlyMap<string, string>} texts
 */
export function filesOf(texts) {
  const encoder = new TextEncoder();
  const contents = new Map([...texts].map(([path, text]) => [path, encoder.encode(text)]));
  return {
    list: async () => [...contents].map(([path, content]) => ({ path, size: content.length, type: 'file' })),
    read: async (/** @type {string} */ path) => contents.get(path),
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
