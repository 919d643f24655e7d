import { afterEach, describe, expect, test } from 'vitest';
import { openStage, runWhole, type Seen, type Stage } from '../deliver/whole-run.ts';
import { DAY, HOUR, manifestOf, observeAt, type PodCourse, readSizes, type Sizes } from './observe.ts';

/** 2026-03-02 06:00 UTC, a Monday. */
const START = Date.UTC(2026, 2, 2, 6) / 1000;
const PATH = 'k8s/pigo-rel/nacos.yaml';

const stages: Stage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

/** A cluster with nacos in it, the repository that its manifest is in, and the action that looks at both. */
class Operations {
  readonly stage: Stage;
  pods: PodCourse[];
  template: Sizes;

  constructor(stage: Stage, first: PodCourse) {
    this.stage = stage;
    this.pods = [first];
    this.template = first;
  }

  run(at: number, inputs: Readonly<Record<string, string>> = {}): Promise<Seen> {
    this.stage.setTime(at);
    return runWhole(this.stage, observeAt(at, [{ name: 'nacos', template: this.template, pods: this.pods }]), inputs);
  }

  async merge(number: number, at: number): Promise<void> {
    this.stage.setTime(at);
    await this.stage.server.mergePull(number, { deleteBranch: true });
  }

  /** What `kubectl apply` of main does: a new pod in the old one's place. */
  async apply(at: number, used: PodCourse['used'], kills: readonly number[] = []): Promise<void> {
    const main = (await this.stage.server.git.ref('refs/heads/main')) ?? '';
    this.template = readSizes((await this.stage.server.readText(main, PATH)) ?? '');
    const name = `nacos-${this.pods.length}`;
    this.pods = [
      ...this.pods.map((pod) => ({ end: at, ...pod })),
      { name, startedAt: at, used, kills, ...this.template },
    ];
  }

  get pulls() {
    return this.stage.server.pulls;
  }

  /** The comments of the action on a pull request. */
  commentsOf(number: number): readonly string[] {
    return (this.pulls.find((pull) => pull.number === number)?.comments ?? []).map(({ body }) => body);
  }

  async report(): Promise<string> {
    const main = (await this.stage.server.git.ref('refs/heads/main')) ?? '';
    return (await this.stage.server.readText(main, 'reports/memory/README.md')) ?? '';
  }
}

async function begin(sizes: Sizes, used: PodCourse['used'], kills: readonly number[] = []): Promise<Operations> {
  const stage = await openStage({ [PATH]: manifestOf('nacos', sizes), 'README.md': 'Hello\n' }, START - DAY);
  stages.push(stage);
  return new Operations(stage, { name: 'nacos-0', startedAt: START - 30 * DAY, used, kills, ...sizes });
}

describe('nacos at 2017Mi of 2000Mi', () => {
  test('is raised, merged, rolled out and confirmed after seven days', async () => {
    const operations = await begin({ limit: 2000, request: 1000 }, () => 2017);
    const first = await operations.run(START);
    expect(first.pullRequests).toMatchObject([{ state: 'opened', number: 1 }]);

    await operations.merge(1, START + 2 * HOUR);
    const waiting = await operations.run(START + 3 * HOUR);
    expect(waiting.pullRequests).toEqual([]);
    expect(operations.commentsOf(1)).toEqual([]);

    await operations.apply(START + 4 * HOUR, () => 2017);
    await operations.run(START + 6 * HOUR);
    expect(operations.commentsOf(1)).toHaveLength(1);
    const afterAnHour = operations.commentsOf(1)[0];
    await operations.run(START + 7 * HOUR);
    expect(operations.commentsOf(1)).toEqual([afterAnHour]);

    await operations.run(START + 2 * DAY);
    expect(operations.commentsOf(1)).toHaveLength(1);
    expect(operations.commentsOf(1)[0]).not.toBe(afterAnHour);
    const last = await operations.run(START + 9 * DAY);
    expect(operations.commentsOf(1)).toHaveLength(1);
    expect(operations.commentsOf(1)[0]).toContain('confirmed');
    expect(last.summary).toContain('## Follow-up');
    expect(operations.pulls).toHaveLength(1);

    const settled = operations.commentsOf(1);
    const requests = operations.stage.server.requests.length;
    await operations.run(START + 10 * DAY);
    expect(operations.commentsOf(1)).toEqual(settled);
    const writes = operations.stage.server.requests
      .slice(requests)
      .filter(({ write, path }) => write && /\/(comments|pulls)\b/.test(path));
    expect(writes).toEqual([]);
  });
});

describe('a limit that was lowered too far', () => {
  const SIZES = { limit: 4096, request: 512 };

  test('is taken back by a pull request, and that is confirmed', async () => {
    const operations = await begin(SIZES, () => 500);
    const inputs = { tighten: 'pull-request' };
    await operations.run(START, inputs);
    expect(operations.pulls).toMatchObject([{ number: 1, state: 'open' }]);
    await operations.merge(1, START + HOUR);
    const lowered = START + 2 * HOUR;
    const killed = lowered + 20 * HOUR;
    await operations.apply(lowered, () => 520, [killed]);

    const seen = await operations.run(START + DAY, inputs);
    expect(seen.pullRequests).toMatchObject([{ state: 'opened', number: 2 }]);
    expect(operations.pulls[1]).toMatchObject({
      title: expect.stringMatching(/^Revert memory of pigo-rel\/nacos: limit \S+ → 4096Mi/),
    });
    expect(operations.pulls[1]?.body).toContain('was OOM-killed since #');
    expect(operations.commentsOf(1)).toHaveLength(1);

    await operations.merge(2, START + DAY + HOUR);
    await operations.apply(START + DAY + 2 * HOUR, () => 520);
    expect(operations.template).toEqual(SIZES);
    await operations.run(START + 2 * DAY + 3 * HOUR, inputs);
    await operations.run(START + 9 * DAY, inputs);
    const end = await operations.run(START + 10 * DAY, inputs);
    expect(operations.commentsOf(1)[0]).toContain('taken back');
    expect(operations.commentsOf(2)[0]).toContain('confirmed');
    // What was tried and taken back is not tried again.
    expect(end.pullRequests).toEqual([]);
    expect(operations.pulls).toHaveLength(2);
  });
});
