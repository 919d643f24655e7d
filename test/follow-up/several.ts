import type { Observation } from '../../src/model/observation.ts';
import { openStage, runWhole, type Seen, type Stage } from '../deliver/whole-run.ts';
import { DAY, HOUR, manifestOf, observeAt, type PodCourse, readSizes, type Scene, type Sizes } from './observe.ts';
import { START, Watched } from './operations.ts';

/** What a workload begins with. */
export interface Beginning extends Sizes {
  readonly used: PodCourse['used'];
  readonly kills?: readonly number[];
}

/** A cluster with several Deployments of one namespace, and the repository that their manifests are in. */
export class Several extends Watched {
  readonly scenes: Map<string, Scene>;

  constructor(stage: Stage, scenes: ReadonlyMap<string, Scene>) {
    super(stage);
    this.scenes = new Map(scenes);
  }

  observe(at: number): Observation {
    return observeAt(at, [...this.scenes.values()]);
  }

  run(at: number, inputs: Readonly<Record<string, string>> = {}, more: Partial<Observation> = {}): Promise<Seen> {
    this.stage.setTime(at);
    return runWhole(this.stage, { ...this.observe(at), ...more }, inputs);
  }

  /** Commits other sizes by hand. */
  async set(name: string, sizes: Sizes): Promise<void> {
    await this.stage.server.commitFiles('main', { [pathOf(name)]: manifestOf(name, sizes) });
  }

  /** What `kubectl apply` of main does: a new pod in the old one's place. */
  async apply(name: string, at: number, used: PodCourse['used'], kills: readonly number[] = []): Promise<void> {
    const template = readSizes((await this.readMain(pathOf(name))) ?? '');
    const { pods = [] } = this.scenes.get(name) ?? {};
    const left = pods.map((pod) => ({ end: at, ...pod }));
    const pod = { name: `${name}-6f7d8c9b5-pod0${pods.length}`, startedAt: at, used, kills, ...template };
    this.scenes.set(name, { name, template, pods: [...left, pod] });
  }
}

export function pathOf(name: string): string {
  return `k8s/pigo-rel/${name}.yaml`;
}

/** Opens a repository and a cluster with these Deployments; close its stage. */
export async function beginWith(all: Readonly<Record<string, Beginning>>): Promise<Several> {
  const names = Object.keys(all);
  const files = names.map((name) => [pathOf(name), manifestOf(name, all[name] as Beginning)]);
  const stage = await openStage({ ...Object.fromEntries(files), 'README.md': 'Hello\n' }, START - DAY);
  const scenes = names.map((name): [string, Scene] => {
    const { limit, request, used, kills = [] } = all[name] as Beginning;
    const pod = { name: `${name}-6f7d8c9b5-pod00`, startedAt: START - 30 * DAY, used, kills, limit, request };
    return [name, { name, template: { limit, request }, pods: [pod] }];
  });
  return new Several(stage, new Map(scenes));
}

export const TIGHT = { tighten: 'pull-request' };
export const GROUPED = { ...TIGHT, 'pull-request-grouping': 'namespace' };
export const WIDE: Beginning = { limit: 4096, request: 512, used: () => 500 };
export const FULL: Beginning = { limit: 2000, request: 1000, used: () => 2017 };

const open: Several[] = [];

/** The same, to be closed by `closeAll`. */
export async function start(all: Readonly<Record<string, Beginning>>): Promise<Several> {
  const several = await beginWith(all);
  open.push(several);
  return several;
}

export async function closeAll(): Promise<void> {
  for (const { stage } of open.splice(0)) await stage.close();
}

/** A limit that was lowered with #1 and merged at START + 1 h. */
export async function lowered(): Promise<Several> {
  const several = await start({ nacos: WIDE });
  await several.run(START, TIGHT);
  await several.merge(1, START + HOUR);
  return several;
}

/** The same, which rolled out and was OOM-killed on the first day. */
export async function worse(): Promise<Several> {
  const several = await lowered();
  await several.apply('nacos', START + 2 * HOUR, () => 520, [START + 20 * HOUR]);
  return several;
}
