import type { Location, PullRequestResult } from '../../src/model/delivery.ts';
import type { Inspection, JudgedWorkload } from '../../src/model/inspection.ts';
import {
  AT,
  healthy,
  heap,
  makeInspection,
  makeSuggestion,
  makeWorkload,
  mi,
  ramp,
  setting,
  sizing,
  trend,
  unknown,
  usage,
} from './make-inspection.ts';

export const NACOS = 'pigo-rel/Deployment/nacos/nacos';

const nacosChange = {
  limit: { from: setting(2000), to: mi(2560), why: 'usage 2017Mi × 1.3, rounded to 256Mi' },
  request: { from: setting(1000), to: mi(1536), why: 'usage × 0.8' },
};

/** The case that started the project, with a leak, a young pod, an ignored and an over-provisioned container beside it. */
export function pigo(overrides: Partial<Inspection> = {}): Inspection {
  return makeInspection([nacos(), pigoApi(), gameApi(), gateway(), young(), ignored(), ...web()], {
    availability: { exporter: true, cadvisor: true, jvm: { state: 'available' } },
    ...overrides,
  });
}

export function nacos(): JudgedWorkload {
  return makeWorkload({
    namespace: 'pigo-rel',
    name: 'nacos',
    pods: {
      'nacos-0': [
        {
          name: 'nacos',
          used: 2017,
          limit: 2000,
          request: 1000,
          averages: ramp(1940, 2010),
          findings: {
            usage: usage('red', 2017, 2000, 'is over its limit: the next allocation can get it OOM-killed'),
            trend: trend('green', 4, 'does not rise'),
            sizing: sizing('red', 'near limit', 'its peak of 2017Mi is over 85 % of the limit: the limit is too low'),
          },
        },
      ],
    },
    suggestions: { nacos: nacosChange },
  });
}

function pigoApi(): JudgedWorkload {
  return makeWorkload({
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
          findings: {
            usage: usage('yellow', 1450, 2048, 'is between 70 and 85 % of its limit: watch it', 1502),
            trend: trend('green', 1, 'does not rise'),
            sizing: sizing('green', 'fits', 'limit and request fit what is used'),
            heap: heap('green', 512, 1024, 'the heap has room for what lives in it'),
          },
        },
      ],
    },
  });
}

function gameApi(): JudgedWorkload {
  return makeWorkload({
    namespace: 'pigo-rel',
    name: 'game-api',
    pods: {
      'game-api-6f5d-k2': [
        {
          name: 'app',
          used: 1390,
          limit: 2048,
          request: 1024,
          averages: ramp(1000, 1390),
          findings: {
            usage: usage('green', 1390, 2048, 'has room below its limit'),
            trend: trend('red', 27, 'possible leak: it rises steadily, 16Mi an hour', {
              pattern: 'leak',
              bytesPerHour: mi(16),
              reachesLimitAt: AT + 41 * 3600,
            }),
            sizing: sizing('green', 'fits', 'limit and request fit what is used'),
          },
        },
      ],
    },
  });
}

function gateway(): JudgedWorkload {
  return makeWorkload({
    namespace: 'pigo-stg',
    name: 'gateway',
    pods: {
      'gateway-1': [
        {
          name: 'gateway',
          used: 580,
          limit: 4096,
          request: 512,
          peak: 600,
          findings: {
            ...healthy(580, 4096),
            sizing: sizing(
              'yellow',
              'over-provisioned',
              'uses at most 600Mi of 4096Mi: the limit is larger than it needs',
            ),
          },
        },
      ],
    },
    withheld: { gateway: 'Would be 896Mi, but only 3 days of data were seen: 7 are needed' },
  });
}

function young(): JudgedWorkload {
  return makeWorkload({
    namespace: 'pigo-dev',
    name: 'worker',
    pods: {
      'worker-0': [
        {
          name: 'worker',
          used: 100,
          limit: 512,
          request: 128,
          averages: [90, 95, 100],
          findings: {
            ...healthy(100, 512),
            trend: unknown('trend', '2 h of data', 'only 2 h of data: a trend needs 6 h and 8 values'),
          },
        },
      ],
    },
  });
}

function ignored(): JudgedWorkload {
  return makeWorkload({
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
          findings: {
            usage: usage('red', 990, 1000, 'is close to its limit: a little more gets it OOM-killed'),
          },
        },
      ],
    },
  });
}

function web(): JudgedWorkload[] {
  return ['pigo-dev', 'pigo-rel', 'pigo-stg'].map((namespace) =>
    makeWorkload({
      namespace,
      name: 'web',
      pods: Object.fromEntries(
        ['a', 'b'].map((id) => [
          `web-${id}`,
          [
            { name: 'nginx', used: 40, limit: 128, request: 64 },
            { name: 'log-agent', used: 30, limit: null, request: 32, findings: healthy(30, undefined) },
          ],
        ]),
      ),
    }),
  );
}

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
