import type { PullRequestResult } from '../../src/model/delivery.ts';
import type { Inspection } from '../../src/model/inspection.ts';
import type { Location } from '../../src/model/location.ts';
import {
  healthy,
  type InspectionOverrides,
  makeInspection,
  makeSuggestion,
  ramp,
  type WorkloadSpec,
} from './make-inspection.ts';

export const NACOS = 'pigo-rel/Deployment/nacos/nacos';

/** The case that started the project, with a leak, a young pod, an ignored and an over-provisioned container beside it. */
export function pigo(overrides: InspectionOverrides = {}): Inspection {
  return makeInspection([nacos, pigoApi, gameApi, gateway, young, ignored, ...web], {
    availability: { exporter: true, cadvisor: true, jvm: { state: 'available' } },
    ...overrides,
  });
}

export const nacos: WorkloadSpec = {
  namespace: 'pigo-rel',
  name: 'nacos',
  pods: { 'nacos-0': [{ name: 'nacos', used: 2017, limit: 2000, request: 1000, averages: ramp(1940, 2010) }] },
};

const pigoApi: WorkloadSpec = {
  namespace: 'pigo-rel',
  name: 'pigo-api',
  pods: {
    'pigo-api-7d4b9c-x2x1p': [
      {
        name: 'app',
        used: 1450,
        limit: 2048,
        request: 1024,
        peak: 1502,
        heap: { live: 512, maximum: 1024, nonHeap: 300 },
      },
    ],
  },
};

const gameApi: WorkloadSpec = {
  namespace: 'pigo-rel',
  name: 'game-api',
  pods: {
    'game-api-6f5d-k2': [{ name: 'app', used: 1390, limit: 2048, request: 1024, averages: ramp(1000, 1390) }],
  },
};

const gateway: WorkloadSpec = {
  namespace: 'pigo-stg',
  name: 'gateway',
  pods: { 'gateway-1': [{ name: 'gateway', used: 580, limit: 4096, request: 512, peak: 600 }] },
};

const young: WorkloadSpec = {
  namespace: 'pigo-dev',
  name: 'worker',
  pods: {
    'worker-0': [
      {
        name: 'worker',
        used: 100,
        limit: 512,
        request: 128,
        averages: [90, 95, 100, 100],
        slowAverages: [],
        startedHoursAgo: 2,
      },
    ],
  },
};

const ignored: WorkloadSpec = {
  namespace: 'pigo-dev',
  name: 'load-test',
  pods: {
    'load-test-0': [
      {
        name: 'load-test',
        used: 990,
        limit: 1000,
        request: 1000,
        ignored: { reason: 'fills its memory on purpose', until: '2026-03-31' },
      },
    ],
  },
};

const web: readonly WorkloadSpec[] = ['pigo-dev', 'pigo-rel', 'pigo-stg'].map((namespace) => ({
  namespace,
  name: 'web',
  pods: Object.fromEntries(
    ['a', 'b'].map((id) => [`web-${id}`, [healthy('nginx', 40, 128), healthy('log-agent', 30, 64)]]),
  ),
}));

export const pigoDeliveries: readonly PullRequestResult[] = [
  {
    state: 'opened',
    branch: 'memory-inspector/main/pigo-rel-nacos',
    title: 'Raise memory of pigo-rel/nacos',
    number: 12,
    url: 'https://example.invalid/pull/12',
    suggestions: [NACOS],
  },
];

export const pigoLocations: readonly Location[] = [
  {
    state: 'located',
    suggestion: makeSuggestion(
      { namespace: 'pigo-rel', group: 'apps', kind: 'Deployment', name: 'nacos' },
      'nacos',
      'red',
    ),
    path: 'k8s/pigo-rel/nacos.yaml',
    line: 24,
    edits: [
      { path: 'k8s/pigo-rel/nacos.yaml', start: 500, end: 506, replacement: '2560Mi' },
      { path: 'k8s/pigo-rel/nacos.yaml', start: 540, end: 546, replacement: '1536Mi' },
    ],
    newFiles: [],
    proof: { kind: 'parsed', how: 'Parsed before and after: 1 container changed, nothing else.' },
  },
];
