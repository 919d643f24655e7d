import { describe, expect, it } from 'vitest';
import { newestBefore, outdatedReports, reportDateOf, withoutTime } from '../../src/report/report-files.ts';

const DAY = 86_400;

describe('the files of reports', () => {
  it.each([
    ['reports/memory/2026-11-24.md', '{date}', '2026-11-24'],
    ['2026-11-24.json', '{date}', '2026-11-24'],
    ['prod 2026-11-24 memory.md', 'prod {date} memory', '2026-11-24'],
    ['README.md', '{date}', undefined],
    ['2026-11-245.md', '{date}', undefined],
    ['2026-11-24-what-we-did.md', '{date}', undefined],
    ['2026-11-24.png', '{date}', undefined],
    ['prod 2026-11-24.md', 'prod {date} memory', undefined],
    ['notes-2026-11-24.md', '{date}', undefined],
  ])('%s with the name %s is of %s', (path, name, date) => {
    expect(reportDateOf(path, name)).toBe(date);
  });

  it('are removed once older than the retention, and nothing else is', () => {
    const paths = [
      '2026-11-16.md',
      '2026-11-17.md',
      '2026-11-17.json',
      '2026-11-24.md',
      'README.md',
      'plan-2020-01-01.md',
    ];
    const options = { retention: 7 * DAY, reportName: '{date}' };
    const run = '2026-11-24';
    expect(outdatedReports(paths, options, run)).toEqual(['2026-11-16.md']);
    const later = [...paths, '2026-11-20.json'];
    expect(outdatedReports(later, { ...options, retention: 6 * DAY }, run)).toEqual([
      '2026-11-16.md',
      '2026-11-17.md',
      '2026-11-17.json',
    ]);
    expect(outdatedReports(paths, { ...options, retention: undefined }, run)).toEqual([]);
  });

  it('are kept, however old, as long as the report of the run is compared with them', () => {
    const paths = ['2026-01-05.json', '2026-01-05.md', '2026-01-07.json', '2026-01-07.md', '2026-01-09.md'];
    const options = { retention: 7 * DAY, reportName: '{date}' };
    expect(newestBefore([...paths, '2026-11-24.json'], '{date}', '2026-11-24')).toBe('2026-01-07.json');
    expect(outdatedReports(paths, options, '2026-11-24')).toEqual([
      '2026-01-05.json',
      '2026-01-05.md',
      '2026-01-09.md',
    ]);
    expect(newestBefore(['2026-11-24.json', 'README.md'], '{date}', '2026-11-24')).toBeUndefined();
  });
});

describe('a report without its time', () => {
  const line = (time: string, run: number) =>
    `44 workloads · 15 queries · as of ${time} · [run ${run}](https://github.com/o/r/actions/runs/${run})\n`;

  it('is the same for two runs that found the same', () => {
    const link = (sha: string) => `[nacos.yaml](https://github.com/o/r/blob/${sha.repeat(40)}/nacos.yaml)`;
    expect(withoutTime(line('2026-11-24 06:00 UTC', 1) + link('a'))).toBe(
      withoutTime(line('2026-11-24 07:00 UTC', 2) + link('b')),
    );
    expect(withoutTime('{"at":"2026-11-24T06:00:00Z","v":1}')).toBe(withoutTime('{"at":"2026-11-24T07:00:00Z","v":1}'));
  });

  it('still differs where a number does', () => {
    expect(withoutTime('uses 2017Mi')).not.toBe(withoutTime('uses 2018Mi'));
  });
});

describe('withoutTime', () => {
  it.each([' · [run', ' · [run](', ' · as of 2026-11-24', '"at": "'])('is linear in a text full of %j', (part) => {
    const text = part.repeat(100_000);
    expect(withoutTime(text)).toMatch(/^( · \[run|"at"|$)/);
  });
});
