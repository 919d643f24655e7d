import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { buildPage } from '../../src/page/build-page.ts';
import type { PageHistory } from '../../src/page/history.ts';
import { prepareContext } from '../../src/report/context.ts';
import { inspectLargeCluster } from '../report/large-cluster.ts';
import { healthy, makeInput, makeInspection, ramp, type WorkloadSpec } from '../report/make-inspection.ts';
import { NACOS, pigo } from '../report/pigo.ts';
import { isDrawn, viewPages } from './render/view-pages.ts';

const day = (date: string, atRisk: number) =>
  ({ date, level: 'r', total: 12, healthy: 10 - atRisk, attention: 1, atRisk, unknown: 1 }) as const;
const history: PageHistory = {
  runs: [day('2025-12-01', 3), day('2025-12-19', 1)],
  use: [{ date: '2025-12-19', used: new Map([[NACOS, 1_500_000_000]]) }],
  passedOver: 0,
  leftOut: 0,
};

const open = viewPages();

const pageOf = (specs?: readonly WorkloadSpec[]) =>
  buildPage(prepareContext(makeInput(specs === undefined ? pigo() : makeInspection(specs))), history);
const small = pageOf();

const names = (page: Page) => page.locator('#containers tbody tr.row .column-workload').allInnerTexts();
const status = (page: Page) => page.locator('#shown').innerText();
const heading = (page: Page, name: string) => page.getByRole('columnheader', { name, exact: true });

describe('the table', () => {
  it('finds what is searched for, tells how much it is, and keeps it in the address', async () => {
    const page = await open('search', small);
    expect(await status(page)).toBe('12 of 12 containers shown');
    await page.getByLabel('Search').fill('pigo-rel log');
    expect(await names(page)).toEqual([expect.stringContaining('web')]);
    expect(await status(page)).toBe('1 of 12 containers shown');
    expect(new URL(page.url()).hash).toBe('#q=pigo-rel+log');
    await page.getByRole('button', { name: 'Show all' }).click();
    expect([await status(page), new URL(page.url()).hash]).toEqual(['12 of 12 containers shown', '']);
  });

  it('is sorted by click and by keyboard, and says so', async () => {
    const page = await open('sort', small);
    const used = heading(page, 'Used');
    const values = () => page.locator('#containers tbody tr.row .column-used').allInnerTexts();
    await used.getByRole('button').click();
    expect(await used.getAttribute('aria-sort')).toBe('descending');
    expect((await values()).slice(0, 3)).toEqual(['2017Mi', '1450Mi', '1390Mi']);
    await used.getByRole('button').press('Enter');
    expect(await used.getAttribute('aria-sort')).toBe('ascending');
    expect((await values()).slice(0, 2)).toEqual(['30Mi', '30Mi']);
    await used.getByRole('button').press('Space');
    expect(await used.getAttribute('aria-sort')).toBe('none');
    expect((await names(page))[0]).toContain('nacos');
    for (const column of await page.locator('#containers thead th').all()) {
      await column.getByRole('button').click();
      expect(await column.getAttribute('aria-sort')).toMatch(/ending$/);
    }
  });

  it('is filtered by namespace, level and check', async () => {
    const page = await open('filter', small);
    await page.locator('#namespace').selectOption('pigo-rel');
    await page.getByRole('checkbox', { name: 'red' }).check();
    expect(await names(page)).toEqual([expect.stringContaining('nacos'), expect.stringContaining('game-api')]);
    await page.getByLabel('Check').selectOption('trend');
    expect(await names(page)).toEqual([expect.stringContaining('game-api')]);
    expect(new URL(page.url()).hash).toBe('#namespace=pigo-rel&level=red&check=trend');
  });

  it('shows the view of an address, and goes to a row from what to do', async () => {
    const page = await open('hash', small, '#level=yellow&sort=used&order=ascending');
    expect(await names(page)).toEqual([expect.stringContaining('gateway'), expect.stringContaining('pigo-api')]);
    await page.getByRole('link', { name: 'pigo-rel/nacos' }).click();
    await page.locator('tr.details').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toContain('nacos');
    expect(await status(page)).toBe('12 of 12 containers shown');
  });
});

describe('a row', () => {
  it('opens to its findings, charts and pods, by keyboard too, and closes again', async () => {
    const page = await open('details', small);
    const row = page.getByRole('button', { name: 'nacos' });
    expect(await page.locator('canvas').count()).toBe(1);
    await row.press('Enter');
    expect(await row.getAttribute('aria-expanded')).toBe('true');
    const details = page.locator('tr.details');
    expect(await details.innerText()).toContain('It uses 2017Mi of 2000Mi (100.8 %) and is over its limit');
    expect(await details.innerText()).toContain('limit 2000Mi');
    expect(await isDrawn(page)).toEqual([true, true]);
    expect(await details.getByRole('img').first().getAttribute('aria-label')).toContain('highest 2010Mi; limit 2000Mi');
    await details.getByText('Numbers').first().click();
    expect(await details.getByRole('table', { name: 'Working set, last 24 h' }).innerText()).toContain('1940Mi');
    await row.press('Enter');
    expect([await details.count(), await row.getAttribute('aria-expanded')]).toEqual([0, 'false']);
    expect(await page.evaluate('document.activeElement.textContent')).toContain('nacos');
  });

  it('marks OOM kills', async () => {
    const specs = [
      {
        namespace: 'shop',
        name: 'web',
        pods: {
          'web-1': [
            { name: 'web', used: 300, limit: 512, request: 200, averages: ramp(200, 300), killedHoursAgo: [5, 9] },
          ],
        },
      },
    ];
    const page = await open('kills', pageOf(specs), '#open=shop/Deployment/web/web');
    expect(await page.locator('tr.details').getByRole('img').first().getAttribute('aria-label')).toContain(
      '2 OOM kills',
    );
    expect(await page.locator('tr.details .legend').first().innerText()).toContain('OOM kill');
  });
});

describe('how it looks', () => {
  const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');

  it('is dark or light as the system is, until somebody chooses, which is remembered', async () => {
    const page = await open('theme', small, '', { colorScheme: 'dark' });
    const dark = await background(page);
    await page.getByLabel('Theme').selectOption('light');
    expect(await background(page)).toBe('rgb(255, 255, 255)');
    await page.reload();
    expect([dark, await background(page)]).toEqual(['rgb(13, 17, 23)', 'rgb(255, 255, 255)']);
  });

  it.each(['light', 'dark'] as const)('can be read in its %s theme', async (colorScheme) => {
    const page = await open(`contrast-${colorScheme}`, small, '#open=pigo-rel/Deployment/nacos/nacos', { colorScheme });
    expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
  });

  it('fits a telephone', async () => {
    const page = await open('narrow', small, '#open=pigo-rel/Deployment/nacos/nacos', {
      viewport: { width: 360, height: 700 },
    });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await page.getByLabel('Sort by').selectOption('used');
    await page.getByLabel('Order').selectOption('descending');
    expect((await names(page))[0]).toContain('nacos');
    expect(await page.getByRole('row').count()).toBeGreaterThan(12);
  });

  it('prints every row that is shown, without controls', async () => {
    const page = await open('print', buildPage(prepareContext(makeInput(inspectLargeCluster(400))), history));
    const drawn = await page.locator('#containers tbody tr.row').count();
    await page.emulateMedia({ media: 'print' });
    const pdf = await page.pdf();
    expect(await page.locator('#containers tbody tr.row').count()).toBeGreaterThan(drawn);
    const rows = await page.locator('#containers tbody tr.row').count();
    expect(await status(page)).toBe(`${rows} of ${rows} containers shown`);
    expect(await page.getByLabel('Search').isVisible()).toBe(false);
    expect(pdf.byteLength).toBeGreaterThan(10_000);
  });
});

describe('who uses it', () => {
  it('every control has a name, every landmark and table its own', async () => {
    const page = await open('names', small, '#open=pigo-rel/Deployment/nacos/nacos');
    const nameless = await page.evaluate(
      `[...document.querySelectorAll('button, a, input, select, summary')].filter((one) =>
        !(one.textContent.trim() || one.labels?.length || one.getAttribute('aria-label'))).map((one) => one.outerHTML)`,
    );
    expect(nameless).toEqual([]);
    const roles = ['banner', 'main', 'search', 'contentinfo'] as const;
    for (const role of roles) expect(await page.getByRole(role).count(), role).toBe(1);
    for (const name of ['What to do', 'Containers', 'History', 'Data quality']) {
      expect(await page.getByRole('region', { name, exact: true }).count(), name).toBe(1);
    }
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('[id]')].map(({ id }) => id).filter((id, at, all) => all.indexOf(id) < at)`,
      ),
    ).toEqual([]);
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    expect(await page.getByRole('status').innerText()).toContain('shown');
  });

  it('comes to the table by the first key', async () => {
    const page = await open('skip', small);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('To the table');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('search');
  });

  it('sees the levels of earlier reports and what moved since', async () => {
    const page = await open('history', small);
    const section = page.getByRole('region', { name: 'History', exact: true });
    expect(await section.getByRole('img').getAttribute('aria-label')).toContain(
      '3 at risk and 1 that need attention on 2025-12-01, 2 at risk',
    );
    const moved = section.getByRole('table', { name: /largest changes since 2025-12-19/ });
    expect(await moved.innerText()).toMatch(/pigo-rel\/nacos\s+1431Mi\s+2017Mi\s+\+587Mi\s+\+41 %/);
  });
});

it('whatever is in a name stays text', async () => {
  const hostile = [
    '</script><script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '"><svg onload=alert(1)>',
    'a\u2028b\u2029c',
    'a\u202eb',
    'x'.repeat(253),
    '__proto__',
    'constructor',
    '{{7*7}}',
    "javascript:alert(1)//'",
  ];
  const specs = hostile.map((name): WorkloadSpec => {
    return { namespace: name, name, pods: { [name]: [{ ...healthy(name, 500), averages: ramp(300, 500) }] } };
  });
  const page = await open('hostile', pageOf(specs));
  for (const name of hostile) {
    const shown = name.replaceAll(/[\u2028\u2029]/g, ' ').replaceAll('\u202e', '\ufffd');
    await page.locator('#namespace').selectOption(shown);
    await page.locator('#containers tbody tr.row button').click();
    await page.reload();
    expect(await status(page), name).toBe('1 of 10 containers shown');
    expect(await page.locator('#containers td.column-container').innerText()).toBe(shown);
    expect(await page.locator('tr.details').count(), name).toBe(1);
  }
  expect(await page.locator('img, svg, iframe, object').count()).toBe(0);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
});

describe('its size', () => {
  it.each([
    [1000, 2_000_000],
    [10_000, 6_000_000],
  ])('%i pods open and are searched', async (pods, most) => {
    const text = buildPage(prepareContext(makeInput(inspectLargeCluster(pods))), history);
    expect(Buffer.byteLength(text)).toBeLessThan(most);
    const page = await open(`large-${pods}`, text);
    const took = Math.round(Number(await page.evaluate('performance.now()')));
    const ready = performance.now();
    await page.getByLabel('Search').fill('billing-service-63 app');
    const found = await names(page);
    const search = Math.round(performance.now() - ready);
    console.log(
      `${pods} pods: ${Math.round(Buffer.byteLength(text) / 1000)} kB, open in ${took} ms, searched in ${search} ms`,
    );
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((name) => name.includes('billing-service-63'))).toBe(true);
    await page.locator('#containers tbody tr.row button').first().click();
    expect((await isDrawn(page)).every((drawn) => drawn)).toBe(true);
  });
});

/** Texts whose contrast with what is behind them is below 4.5. */
const LOW_CONTRAST = `(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((value) => value / 255)
    .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(at).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ''))
    .filter((one) => !one.closest('script, noscript, option') && one.getClientRects().length > 0)
    .flatMap((one) => {
      const [a, b] = [light(parse(getComputedStyle(one).color)), light(behind(one))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return contrast >= 4.5 ? [] : [contrast.toFixed(2) + ' ' + one.className + ' ' + one.textContent.slice(0, 40)];
    });
})()`;
