import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinRecipients, ownersOf } from '../../src/deliver/owners.ts';
import type { ContainerMatch } from '../../src/model/match.ts';
import type { Owner, Recipients } from '../../src/model/owner.ts';
import { changeOf } from './scene.ts';

const NOBODY: Recipients = { labels: [], reviewers: [], teamReviewers: [], assignees: [] };
const owner = (match: ContainerMatch, lists: Partial<Recipients>): Owner => ({ ...NOBODY, match, ...lists });
const nacos = changeOf();
const web = changeOf({ name: 'web' });

describe('a pull request', () => {
  it('concerns whom any of its containers matches, in the order of the entries', () => {
    const owners = [
      owner({ name: 'web' }, { reviewers: ['ana', 'bob'], labels: ['web'] }),
      owner({ namespace: 'shop' }, { reviewers: ['eve'] }),
      owner({ kind: 'deployment', namespace: 'pigo-*' }, { reviewers: ['Bob', 'carl'], teamReviewers: ['platform'] }),
    ];
    expect(ownersOf([nacos, web], owners)).toEqual({
      labels: ['web'],
      reviewers: ['ana', 'bob', 'carl'],
      teamReviewers: ['platform'],
      assignees: [],
    });
    expect(ownersOf([nacos], owners)).toMatchObject({ labels: [], reviewers: ['Bob', 'carl'] });
  });

  it('concerns nobody else', () => {
    expect(ownersOf([nacos], [])).toEqual(NOBODY);
    expect(ownersOf([nacos], [owner({ container: 'sidecar' }, { assignees: ['ana'] })])).toEqual(NOBODY);
  });

  it('has what holds for all pull requests first, and each name once', () => {
    const names = fc.array(fc.constantFrom('a', 'A', 'b', 'c'), { maxLength: 6 });
    const lists = fc.record({ labels: names, reviewers: names, teamReviewers: names, assignees: names });
    fc.assert(
      fc.property(lists, lists, (first, second) => {
        const joined = joinRecipients(first, second);
        for (const list of Object.keys(NOBODY) as (keyof Recipients)[]) {
          const all = [...first[list], ...second[list]].map((name) => name.toLowerCase());
          expect(joined[list].map((name) => name.toLowerCase())).toEqual([...new Set(all)]);
        }
      }),
    );
  });
});
