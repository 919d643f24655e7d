import type { Observation } from '../../src/model/observation.ts';
import { openStage, runWhole, type Seen, type Stage } from '../deliver/whole-run.ts';
import { DAY, manifestOf, observeAt, type PodCourse, readSizes, type Sizes } from './observe.ts';

/** 2026-03-02 06:00 UTC, a Monday. */
export const START = Date.UTC(2026, 2, 2, 6) / 1000;
export const PATH = 'k8s/pigo-rel/nacos.yaml';

/** A repository behind a GitHub, as people and the action leave it. */
export class Watched {
  readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  async merge(number: number, at: number): Promise<void> {
    this.stage.setTime(at);
    await this.stage.server.mergePull(number, { deleteBranch: true });
  }

  get pulls() {
    return this.stage.server.pulls;
  }

  /** The comments of the action on a pull request. */
  commentsOf(number: number): readonly string[] {
    return (this.pulls.find((pull) => pull.number === number)?.comments ?? []).map(({ body }) => body);
  }

  async readMain(path: string): Promise<string | undefined> {
    const main = (await this.stage.server.git.ref('refs/heads/main')) ?? '';
    return this.stage.server.readText(main, path);
  }
}

/** A cluster with nacos in it, the repository that its manifest is in, and the action that looks at both. */
export class Operations extends Watched {
  pods: PodCourse[];
  template: Sizes;

  constructor(stage: Stage, first: PodCourse) {
    super(stage);
    this.pods = [first];
    this.template = first;
  }

  /** `more`: what the observation holds besides. */
  run(at: number, inputs: Readonly<Record<string, string>> = {}, more: Partial<Observation> = {}): Promise<Seen> {
    this.stage.setTime(at);
    const seen = observeAt(at, [{ name: 'nacos', template: this.template, pods: this.pods }]);
    return runWhole(this.stage, { ...seen, ...more }, inputs);
  }

  /** The same with a GitHub of its own. */
  async copy(at: number): Promise<Operations> {
    const copy = new Operations(await openStage(this.stage, at), this.pods[0] as PodCourse);
    copy.pods = this.pods;
    copy.template = this.template;
    return copy;
  }

  /** What `kubectl apply` of main does: a new pod in the old one's place. */
  async apply(at: number, used: PodCourse['used'], kills: readonly number[] = []): Promise<void> {
    const main = (await this.stage.server.git.ref('refs/heads/main')) ?? '';
    this.template = readSizes((await this.stage.server.readText(main, PATH)) ?? '');
    const name = `nacos-6f7d8c9b5-pod0${this.pods.length}`;
    this.pods = [
      ...this.pods.map((pod) => ({ end: at, ...pod })),
      { name, startedAt: at, used, kills, ...this.template },
    ];
  }
}

/** A repository and a cluster with nacos of these sizes; close its stage. */
export async function begin(sizes: Sizes, used: PodCourse['used'], kills: readonly number[] = []): Promise<Operations> {
  const stage = await openStage({ [PATH]: manifestOf('nacos', sizes), 'README.md': 'Hello\n' }, START - DAY);
  return new Operations(stage, { name: 'nacos-6f7d8c9b5-pod00', startedAt: START - 30 * DAY, used, kills, ...sizes });
}
