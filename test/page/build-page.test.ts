import { expect, test } from 'vitest';
import { buildPage } from '../../src/page/build-page.ts';
import { embed } from '../../src/page/embed.ts';
import type { PageHistory } from '../../src/page/history.ts';
import type { PageData, PodSeries, RowData } from '../../src/page/page-data.ts';
import { prepareContext } from '../../src/report/context.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { goldenIn } from '../golden.ts';
import { inspectLargeCluster } from '../report/large-cluster.ts';
import { healthy, makeInput, makeInspection, makeSuggestion } from '../report/make-inspection.ts';
import { NACOS, pigo } from '../report/pigo.ts';

const golden = goldenIn(import.meta.url);
const NOTHING: PageHistory = { runs: [], use: [], passedOver: 0, leftOut: 0 };

function pageOf(input: ReportInput, most?: number, history = NOTHING): string {
  return buildPage(prepareContext(input), history, most);
}

function read<Value>(page: string, id: string): Value {
  const start = `<script type="application/json" id="${id}">`;
  const from = page.indexOf(start) + start.length;
  return JSON.parse(page.slice(from, page.indexOf('</script>', from)));
}

/** The data of a page, without its script and style. */
function dataOf(page: string): string {
  const from = page.indexOf('<script type="application/json" id="data">');
  return page.slice(from, page.lastIndexOf('<script>'));
}

const large = makeInput(inspectLargeCluster(1000));

test('the data of the case that started the project', () => {
  const history: PageHistory = {
    runs: [{ date: '2025-12-19', level: 'y', total: 11, healthy: 9, attention: 2, atRisk: 0, unknown: 0 }],
    use: [
      {
        date: '2025-12-19',
        used: new Map([
          [NACOS, 1_900_000_000],
          ['shop/Deployment/gone/app', 5_000_000],
        ]),
      },
    ],
    passedOver: 1,
    leftOut: 0,
  };
  golden('pigo.data.html', dataOf(pageOf(makeInput(pigo()), undefined, history)));
});

test('the same input gives the same bytes', () => {
  const page = pageOf(makeInput(pigo()));
  expect(pageOf(makeInput(pigo()))).toBe(page);
});

test('the policy allows the script and the style of the page, and nothing else', () => {
  const policy = /content="(default-src[^"]+)"/.exec(pageOf(makeInput(pigo())))?.[1] ?? '';
  expect(policy.split('; ').map((part) => part.replace(/sha256-[\w+/]{43}=/, 'sha256'))).toEqual([
    "default-src 'none'",
    "script-src 'sha256'",
    "style-src 'sha256'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ]);
});

test.each(['</script><script>alert(1)</script>', '<!--<script>', '\u2028\u2029', '&lt;', '__proto__'])(
  '%j is embedded as data',
  (text) => {
    const embedded = embed({ [text]: text });
    expect(embedded).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(embedded)).toEqual(JSON.parse(JSON.stringify({ [text]: text })));
  },
);

test('names that would be markup end no element', () => {
  const name = '</script><img src=x onerror=alert(1)>';
  const page = pageOf(makeInput(makeInspection([{ namespace: 'shop', name, pods: { [name]: [healthy(name)] } }])));
  expect(page).not.toContain('<img');
  expect(page.match(/<\/script>/g)).toHaveLength(5);
  expect(read<RowData[]>(page, 'rows')[0]).toMatchObject({ name, container: name });
});

test('1,000 pods stay under 2 MB, with every course', () => {
  const page = pageOf(large);
  expect(Buffer.byteLength(page)).toBeLessThan(2_000_000);
  const series = read<PodSeries[][]>(page, 'series').flat();
  expect(series.length).toBe(
    large.inspection.workloads.flatMap(({ pods }) => pods.flatMap((pod) => pod.containers)).length,
  );
  expect(read<PageData>(page, 'data').leftOut).toEqual([]);
});

test('what has no room is left out from what is healthy on, and the page says so', () => {
  const whole = pageOf(large);
  const rows = read<RowData[]>(whole, 'rows');
  const sizes = [0.9, 0.7, 0.5, 0.3, 0.2].map((share) => {
    const most = Math.round(Buffer.byteLength(whole) * share);
    const page = pageOf(large, most);
    const [kept, series] = [read<RowData[]>(page, 'rows'), read<PodSeries[][]>(page, 'series')];
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(most);
    expect(read<PageData>(page, 'data').leftOut).not.toEqual([]);
    expect(kept.map(({ name }) => name)).toEqual(rows.slice(0, kept.length).map(({ name }) => name));
    const drawn = (green: boolean) =>
      series.filter((own, place) => own.length > 0 && (kept[place]?.level === 'g') === green);
    if (drawn(true).length > 0) expect(drawn(false)).toHaveLength(kept.filter(({ level }) => level !== 'g').length);
    return kept.length;
  });
  expect(sizes[0]).toBe(rows.length);
  expect(sizes.at(-1)).toBeLessThan(rows.length);
});

test('a suggestion shows its cost where a price is known', () => {
  const suggestions = {
    [NACOS]: makeSuggestion(
      { namespace: 'pigo-rel', group: 'apps', kind: 'Deployment', name: 'nacos' },
      'nacos',
      'red',
      { reserves: 2 * 1024 ** 3 },
    ),
  };
  const price = { perGibMonth: 3.5, currency: 'EUR' };
  const page = pageOf(makeInput(pigo({ suggestions }), { price }));
  expect(read<RowData[]>(page, 'rows').find(({ name }) => name === 'nacos')?.cost).toBe(7);
  expect(read<PageData>(page, 'data').currency).toBe('EUR');
  expect(JSON.stringify(read<PageData>(page, 'data').inspected)).toContain('would cost about 7.00 EUR a month more');
});
