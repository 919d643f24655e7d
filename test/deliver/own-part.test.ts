import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMarker, replaceMarker } from '../../src/deliver/marker.ts';
import { replaceOwnPart, writeOwnPart } from '../../src/deliver/own-part.ts';
import { changeOf, openScene, run, type Scene, writesSince } from './scene.ts';

const FAR = { changes: [changeOf({ limit: 4096 })] };
const FARTHER = { changes: [changeOf({ limit: 6144 })] };

function editBody(scene: Scene, edit: (body: string) => string): void {
  for (const pull of scene.server.pulls) pull.body = edit(pull.body ?? '').replaceAll('\n', '\r\n');
}

const bodyOf = (scene: Scene) => scene.server.pulls[0]?.body?.replaceAll('\r\n', '\n') ?? '';
const count = (text: string, part: string) => text.split(part).length - 1;

test.each<[string, (body: string) => string]>([
  ['above', (body) => `Closes #77\n\n${body}`],
  ['below', (body) => `${body}\n\nCloses #77`],
])("words %s the action's own part stay, and the part is written anew", async (_where, edit) => {
  const scene = await openScene();
  await run(scene.github);
  editBody(scene, edit);
  expect(await run(scene.github, FAR)).toMatchObject([{ state: 'updated' }]);
  expect(await run(scene.github, FARTHER)).toMatchObject([{ state: 'updated' }]);
  const body = bodyOf(scene);
  expect([count(body, 'Closes #77'), count(body, '**6144Mi**'), count(body, '**4096Mi**')]).toEqual([1, 1, 0]);
  expect(count(body, '| container |')).toBe(1);
});

test('words within the own part stay above the new one, without the old values', async () => {
  const scene = await openScene();
  await run(scene.github);
  editBody(scene, (body) => body.replace('| container |', 'Closes #77\n\n| container |'));
  expect(await run(scene.github, FAR)).toMatchObject([{ state: 'updated' }]);
  expect(await run(scene.github, FARTHER)).toMatchObject([{ state: 'updated' }]);
  const body = bodyOf(scene);
  expect(body.startsWith('Closes #77\n\n<!--')).toBe(true);
  expect([count(body, 'Closes #77'), count(body, '**4096Mi**'), count(body, '| container |')]).toEqual([1, 0, 1]);
});

test('a title that a person wrote stays; one of the action is written anew', async () => {
  const scene = await openScene();
  await run(scene.github);
  await run(scene.github, FAR);
  expect(scene.server.pulls).toMatchObject([{ title: expect.stringContaining('4096Mi') }]);
  for (const pull of scene.server.pulls) pull.title = 'NACOS-12: more memory';
  expect(await run(scene.github, FARTHER)).toMatchObject([{ state: 'updated', title: 'NACOS-12: more memory' }]);
  expect(scene.server.pulls).toMatchObject([{ title: 'NACOS-12: more memory' }]);
});

test("a body without its marker is a person's, and stays", async () => {
  const scene = await openScene();
  await run(scene.github);
  for (const pull of scene.server.pulls) pull.body = 'Mine now.';
  expect(await run(scene.github, FAR)).toMatchObject([{ state: 'edited by a person', number: 1 }]);
  expect(await run(scene.github, { changes: [] })).toMatchObject([{ state: 'edited by a person', number: 1 }]);
  expect(scene.server.pulls).toMatchObject([{ state: 'open', body: 'Mine now.' }]);
});

test('whatever people write wherever, every word of theirs stays, once, and the body fits', () => {
  const before = { base: 'main', fingerprint: '0123456789abcdef', changes: [], paths: [] };
  const text = 'First line\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- a point';
  const word = fc.stringMatching(/^[A-Z]{8,12}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), word), { maxLength: 5 }), fc.boolean(), (inserts, crlf) => {
      let body = writeOwnPart(before, () => text);
      for (const [at, theirs] of inserts) {
        const lines = body.split('\n');
        lines.splice(at % (lines.length + 1), 0, theirs);
        body = lines.join('\n');
      }
      const marker = readMarker(body) ?? before;
      const after = replaceOwnPart(crlf ? body.replaceAll('\n', '\r\n') : body, marker, before, () => 'Anew');
      for (const [, theirs] of inserts) expect(count(after, theirs)).toBeGreaterThanOrEqual(1);
      expect([count(after, 'First line'), count(after, 'Anew'), count(after, 'a point')]).toEqual([0, 1, 0]);
      expect(after.length).toBeLessThan(65_536);
    }),
  );
});

test('words that leave the new values no room stay, and the branch gets its new values all the same', async () => {
  const scene = await openScene();
  await run(scene.github);
  for (const pull of scene.server.pulls) pull.body = `${'because '.repeat(7750)}\n\n${pull.body}`;
  const full = bodyOf(scene).length;
  expect(await run(scene.github, FAR)).toMatchObject([{ state: 'updated', number: 1 }]);
  expect(await run(scene.github, FAR)).toMatchObject([{ state: 'unchanged', number: 1 }]);
  expect([count(bodyOf(scene), 'because '), bodyOf(scene).length]).toEqual([7750, expect.closeTo(full, -3)]);
});

/** As a version wrote it whose marker told neither what it had written nor what was there before. */
function age(scene: Scene): void {
  for (const pull of scene.server.pulls) {
    const marker = readMarker(pull.body);
    if (marker === undefined) continue;
    const { base, fingerprint, changes, paths, scope } = marker;
    const body = (pull.body ?? '').replace('<!-- kubernetes-memory-inspector:begin -->\n', '');
    pull.body = replaceMarker(body, { base, fingerprint, changes, paths, scope });
  }
}

test('a pull request of an earlier version is left as it is, and keeps a title that a person wrote', async () => {
  const scene = await openScene();
  await run(scene.github);
  age(scene);
  const start = scene.server.requests.length;
  expect(await run(scene.github)).toMatchObject([{ state: 'unchanged', number: 1 }]);
  expect(writesSince(scene, start)).toEqual([]);
  for (const pull of scene.server.pulls) pull.title = 'NACOS-12: more memory';
  expect(await run(scene.github, FAR)).toMatchObject([{ state: 'updated', title: 'NACOS-12: more memory' }]);
  for (const pull of scene.server.pulls) pull.title = 'Raise memory of pigo-rel/nacos: 2000Mi → 4096Mi';
  age(scene);
  expect(await run(scene.github, FARTHER)).toMatchObject([{ title: expect.stringContaining('6144Mi') }]);
});
