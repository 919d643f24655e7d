import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { readPayload } from '../../src/event/read-payload.ts';
import { readTrigger } from '../../src/event/read-trigger.ts';
import { type Payload, realPayload } from './payloads.ts';

const BASE = 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e';
const HEAD = 'ec26c3e57ca3a959ca5aad62de7213c562f8c821';

function read(event: string, payload: Payload, actor?: string) {
  return readTrigger(event, JSON.stringify(payload), actor);
}

/** A real payload with a small change. */
function changed(event: string, action: string | undefined, change: (payload: Payload) => void): Payload {
  const payload = realPayload(event, action);
  change(payload);
  return payload;
}

describe('a pull request', () => {
  test.each(['opened', 'synchronize', 'reopened', 'ready_for_review', 'converted_to_draft'])(
    'that was %s',
    (action) => {
      expect(read('pull_request', realPayload('pull_request', action), 'Codertocat')).toEqual({
        kind: 'pull request',
        number: 2,
        base: { ref: 'master', sha: BASE },
        head: { sha: HEAD },
        from: 'same repository',
        action,
      });
    },
  );

  test('that somebody reviews is judged once more', () => {
    const trigger = read('pull_request_review', realPayload('pull_request_review', 'submitted'));
    expect(trigger).toMatchObject({ kind: 'pull request', number: 2, from: 'same repository' });
  });

  test('that is closed needs no verdict, whatever happens to it', () => {
    const why = expect.stringContaining('#2 is closed');
    expect(read('pull_request', realPayload('pull_request', 'closed'))).toEqual({ kind: 'other', why });
    const labeled = changed('pull_request', 'labeled', ({ pull_request }) => (pull_request.state = 'closed'));
    expect(read('pull_request', labeled)).toEqual({ kind: 'other', why });
  });

  test('of a fork, also of one that is gone', () => {
    const fork = changed('pull_request', 'opened', ({ pull_request }) => {
      pull_request.head.repo.full_name = 'somebody/Hello-World';
    });
    const gone = changed('pull_request', 'opened', ({ pull_request }) => (pull_request.head.repo = null));
    for (const payload of [fork, gone]) expect(read('pull_request', payload)).toMatchObject({ from: 'fork' });
    expect(read('pull_request', fork, 'dependabot[bot]')).toMatchObject({ from: 'fork' });
  });

  test('of Dependabot is one that its push started, and not one that a person pushed to', () => {
    const own = changed('pull_request', 'synchronize', (payload) => {
      payload.pull_request.user.login = 'dependabot[bot]';
      payload.sender.login = 'dependabot[bot]';
    });
    const opened = changed(
      'pull_request',
      'opened',
      ({ pull_request }) => (pull_request.user.login = 'dependabot[bot]'),
    );
    expect(read('pull_request', own)).toMatchObject({ from: 'Dependabot' });
    expect(read('pull_request', opened, 'dependabot[bot]')).toMatchObject({ from: 'Dependabot' });
    expect(read('pull_request', opened, 'Codertocat')).toMatchObject({ from: 'same repository' });
  });

  test.each(['renovate[bot]', 'Copilot', 'github-actions[bot]'])('of %s is like any other', (login) => {
    const payload = changed('pull_request', 'opened', (one) => {
      one.pull_request.user.login = login;
      one.sender.login = login;
    });
    expect(read('pull_request', payload, login)).toMatchObject({ from: 'same repository' });
  });
});

describe('a merge group', () => {
  test('is held against the commit that it builds on', () => {
    expect(read('merge_group', realPayload('merge_group', 'checks_requested'))).toEqual({
      kind: 'merge group',
      base: { ref: 'refs/heads/main', sha: '380387fbc80638b734a49e1be1c4dfec1c01b33c' },
      head: { sha: '2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d' },
    });
  });

  test('that is gone needs no verdict', () => {
    const destroyed = changed('merge_group', 'checks_requested', (payload) => {
      payload.action = 'destroyed';
      payload.reason = 'dequeued';
    });
    expect(read('merge_group', destroyed)).toEqual({ kind: 'other', why: expect.stringContaining('gone') });
  });
});

test('a push says what was there before, unless there was nothing', () => {
  const [before, zeros] = ['6113728f27ae82c7b1a177c8d03f9e96e0adf246', '0'.repeat(40)];
  expect(read('push', { ...realPayload('push'), before })).toEqual({ kind: 'push', before });
  expect(read('push', { ...realPayload('push'), before: zeros })).toEqual({ kind: 'push' });
  expect(readTrigger('push', undefined)).toEqual({ kind: 'push' });
  expect(read('push', { ...realPayload('push'), before: '--upload-pack=x' })).toEqual({ kind: 'push' });
});

describe('what runs with more rights than whoever wrote the code', () => {
  test('pull_request_target is refused, whatever its payload', () => {
    for (const payload of [undefined, '{', JSON.stringify(realPayload('pull_request', 'opened'))]) {
      const trigger = readTrigger('pull_request_target', payload);
      expect(trigger).toEqual({ kind: 'refused', why: expect.stringContaining('by pull_request instead') });
    }
  });

  const run = (change: (run: Payload) => void) =>
    changed('workflow_run', undefined, (payload) => {
      payload.workflow_run.head_repository.full_name = payload.repository.full_name;
      change(payload.workflow_run);
    });

  test('workflow_run is refused after a run for a pull request, a fork, or nobody knows what', () => {
    const refused = { kind: 'refused', why: expect.stringContaining('workflow_run') };
    for (const event of ['pull_request', 'pull_request_target', 'pull_request_review']) {
      expect(
        read(
          'workflow_run',
          run((one) => (one.event = event)),
        ),
      ).toEqual(refused);
    }
    expect(
      read(
        'workflow_run',
        run((one) => (one.head_repository.full_name = 'somebody/fork')),
      ),
    ).toEqual(refused);
    expect(
      read(
        'workflow_run',
        run((one) => (one.head_repository = null)),
      ),
    ).toEqual(refused);
    expect(readTrigger('workflow_run', undefined)).toEqual(refused);
  });

  test('workflow_run after any other run is an ordinary event', () => {
    for (const event of ['push', 'schedule', 'merge_group']) {
      expect(
        read(
          'workflow_run',
          run((one) => (one.event = event)),
        ),
      ).toEqual({ kind: 'other' });
    }
  });
});

test('whatever else starts a job is something else', () => {
  for (const event of [undefined, '', 'schedule', 'workflow_dispatch', 'issue_comment', 'constructor']) {
    expect(readTrigger(event, '{"pull_request":{}}')).toEqual({ kind: 'other' });
  }
});

describe('a broken payload', () => {
  const deep = `{"pull_request":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;

  test.each([undefined, '', 'x', 'null', '[]', '{}', deep])('ends in a sentence (%#)', (payload) => {
    for (const event of ['pull_request', 'merge_group']) {
      expect(() => readTrigger(event, payload)).toThrow(UserError);
      expect(() => readTrigger(event, payload)).toThrow(
        /GITHUB_EVENT_PATH.*Now (there is none|it is no JSON|it lacks)/,
      );
    }
  });

  test('a commit that is no SHA is none', () => {
    for (const sha of ['main', '--output=x', 'F'.repeat(40), '', 7, HEAD.slice(1)]) {
      const payload = changed('pull_request', 'opened', ({ pull_request }) => (pull_request.head.sha = sha));
      expect(() => read('pull_request', payload)).toThrow(/it lacks pull_request\.head\.sha/);
    }
  });

  test('whatever it holds, there is an answer or a sentence', () => {
    const events = fc.constantFrom('pull_request', 'merge_group', 'push', 'workflow_run', 'schedule');
    const keys = fc.constantFrom(
      'pull_request',
      'merge_group',
      'workflow_run',
      'head',
      'base',
      'sha',
      'repo',
      '__proto__',
    );
    const value = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof({ maxDepth: 5 }, fc.jsonValue(), fc.dictionary(keys, tie('any'))),
    })).any;
    fc.assert(
      fc.property(
        events,
        fc.oneof(
          value.map((one) => JSON.stringify(one)),
          fc.string(),
        ),
        (event, payload) => {
          try {
            expect(readTrigger(event, payload).kind).toMatch(/./);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(UserError);
          }
        },
      ),
    );
  });
});

describe('the file of the payload', () => {
  const folder = mkdtempSync(join(tmpdir(), 'event-'));

  test('is read whole, or is none', () => {
    writeFileSync(join(folder, 'event.json'), '{"action":"ä"}');
    expect(readPayload(join(folder, 'event.json'))).toBe('{"action":"ä"}');
    expect(readPayload(undefined)).toBeUndefined();
  });

  test('ends in a sentence where it is missing, too large, or a folder', () => {
    writeFileSync(join(folder, 'large.json'), Buffer.alloc(33 * 1024 ** 2, 0x20));
    expect(() => readPayload(join(folder, 'missing.json'))).toThrow(/GITHUB_EVENT_PATH.*ENOENT/);
    expect(() => readPayload(join(folder, 'large.json'))).toThrow(/larger than 32 MB/);
    expect(() => readPayload(folder)).toThrow(UserError);
  });
});
