import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/environment.ts';
import { UserError } from '../../src/errors.ts';
import { placeInFolder, writeEverywhere } from '../../src/inspect/report-places.ts';
import { encodeRecording } from '../../src/record/recording.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { run } from '../../src/run.ts';
import { measureOf } from '../checks/fixtures.ts';
import { observationOf, podOf, workloadOf } from '../judge/fixtures.ts';
import { makeInput } from '../report/make-inspection.ts';
import { pigo } from '../report/pigo.ts';
import { recordingRunner } from './runner.ts';

const scratch = () => mkdtempSync(join(tmpdir(), 'places-'));

/** An inspection of one pod that is at risk, with this temporary folder of the runner. */
async function runWith(temporary: string, inputs: Readonly<Record<string, string>> = {}, workspace = scratch()) {
  const observation = observationOf([workloadOf([podOf('cart-0')])], [measureOf(() => 1900)]);
  writeFileSync(join(workspace, 'rec.json'), encodeRecording(observation, 'rec.json'));
  const { runner, given } = recordingRunner({ recording: 'rec.json', ...inputs });
  const environment = readEnvironment({ PATH: process.env.PATH, GITHUB_WORKSPACE: workspace, RUNNER_TEMP: temporary });
  const sentence = await run(runner, environment);
  return { ...given, sentence, workspace, folder: given.outputs['artifact-path'] ?? '' };
}

const FILES = ['2025-12-25.json', '2025-12-25.md', 'README.md', 'index.html'];

describe("the run's own folder", () => {
  it('is another one for each of two steps of a job, and holds the files of its run alone', async () => {
    const temporary = scratch();
    const first = await runWith(temporary);
    const second = await runWith(temporary, { 'report-name': 'again {date}' });
    expect(readdirSync(first.folder).toSorted()).toEqual(FILES);
    expect(readdirSync(second.folder).toSorted()).toEqual(
      FILES.map((name) => name.replace(/^2025/, 'again 2025')).toSorted(),
    );
  });

  it.each(['_', 'README.md', 'index.html', '2025-12-25', 'eu.west_1', 'x'.repeat(63)])(
    'of a cluster with the name %s is its own beside that of one without',
    async (name) => {
      const temporary = scratch();
      const named = await runWith(temporary, { 'cluster-name': name });
      const unnamed = await runWith(temporary);
      for (const { folder } of [named, unnamed]) expect(readdirSync(folder).toSorted()).toEqual(FILES);
    },
  );

  it('is never one that an earlier step has put there, nor where its link leads to', async () => {
    const [temporary, elsewhere] = [scratch(), scratch()];
    symlinkSync(elsewhere, join(temporary, 'memory-inspection'));
    const { folder, sentence } = await runWith(temporary);
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(lstatSync(folder).isSymbolicLink()).toBe(false);
    expect(readdirSync(folder).toSorted()).toEqual(FILES);
    expect(sentence).toMatch(/at risk/);
  });

  it('is said to be missing where it cannot be made, and the findings are shown all the same', async () => {
    const file = join(scratch(), 'file');
    writeFileSync(file, '');
    const { sentence, summary, outputs, workspace } = await runWith(join(file, 'temp'));
    expect(outputs).toMatchObject({ outcome: 'error', verdict: 'red', 'artifact-path': '' });
    expect(sentence).toContain('1 pod at risk');
    expect(sentence).toContain(file);
    expect(sentence).toContain('ENOTDIR');
    expect(summary).toContain('shop/cart');
    expect(existsSync(join(workspace, outputs['report-path'] ?? ''))).toBe(true);
  });
});

describe('a folder that was there before', () => {
  const report = buildReport(makeInput(pigo()));
  const part = (number: number) => ({ path: `reports/memory/${report.date}/workloads-${number}.json`, text: '{}\n' });
  const withParts = { ...report, jsonParts: [part(1), part(2), part(3)] };

  it('keeps nothing of an earlier run of the day, and everything else', () => {
    const folder = scratch();
    const place = placeInFolder(folder);
    place.write({ report: withParts, page: '<!doctype html>' });
    writeFileSync(join(folder, report.date, 'notes.txt'), '');
    mkdirSync(join(folder, '2020-01-01'));
    writeFileSync(join(folder, '2020-01-01', 'workloads-9.json'), '');
    place.write({ report: { ...report, jsonParts: [part(1)] } });
    expect(readdirSync(join(folder, report.date)).toSorted()).toEqual(['notes.txt', 'workloads-1.json']);
    expect(readdirSync(join(folder, '2020-01-01'))).toEqual(['workloads-9.json']);
    place.write({ report });
    expect(readdirSync(join(folder, report.date))).toEqual(['notes.txt']);
  });

  it('does not remove through a link', () => {
    const [folder, elsewhere] = [scratch(), scratch()];
    writeFileSync(join(elsewhere, 'workloads-9.json'), '');
    symlinkSync(elsewhere, join(folder, report.date));
    expect(() => placeInFolder(folder).write({ report })).toThrow(UserError);
    expect(readdirSync(elsewhere)).toEqual(['workloads-9.json']);
  });

  it('does not write through a link, and says in which folder it lies', () => {
    const [folder, elsewhere] = [scratch(), scratch()];
    symlinkSync(join(elsewhere, 'index'), join(folder, 'README.md'));
    expect(() => placeInFolder(folder).write({ report })).toThrow(folder);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('that is a file is told in one sentence', async () => {
    const file = join(scratch(), 'file');
    writeFileSync(file, 'mine');
    for (const folder of [file, join(file, 'below')]) {
      const [failure, ...more] = await writeEverywhere([placeInFolder(folder)], { report });
      expect(more).toEqual([]);
      expect(failure).toContain(folder);
      expect(failure).toMatch(/EEXIST|ENOTDIR/);
    }
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});

it.each([
  [
    'a folder where the page goes',
    (workspace: string) => mkdirSync(join(workspace, 'reports/memory/index.html'), { recursive: true }),
  ],
  [
    'a link where the page goes',
    (workspace: string) => {
      mkdirSync(join(workspace, 'reports/memory'), { recursive: true });
      symlinkSync('/nowhere', join(workspace, 'reports/memory/index.html'));
    },
  ],
])('%s costs the page of the workspace, and no finding', async (_, prepare) => {
  const workspace = scratch();
  prepare(workspace);
  const { outputs, summary, sentence, folder } = await runWith(scratch(), { page: 'true' }, workspace);
  expect(sentence).toContain('index.html');
  expect(summary).toContain('shop/cart');
  expect(existsSync(join(workspace, outputs['report-path'] ?? ''))).toBe(true);
  expect(readdirSync(folder).toSorted()).toEqual(FILES);
});
