import { expect, test } from 'vitest';
import { notesOf, optionNames } from '../../src/options/schema.ts';
import { flags, secretVariables } from '../../src/terminal/flags.ts';

test('every option is a flag, a variable, a key of the config file, or only concerns GitHub', () => {
  const typed = new Set<string>([...flags.map(({ name }) => name), ...secretVariables.map(({ option }) => option)]);
  const rest = optionNames.filter((name) => !typed.has(name));
  expect(rest.filter((name) => notesOf(name).place !== 'file' && !notesOf(name).github)).toEqual([]);
  expect(rest.filter((name) => notesOf(name).github)).toMatchInlineSnapshot(`
    [
      "mode",
      "kubectl-oidc",
      "report-directory",
      "report-name",
      "commit-report",
      "report-branch",
      "page",
      "retention",
      "open-pull-requests",
      "pull-request-grouping",
      "pull-request-limit",
      "pull-request-branch-prefix",
      "labels",
      "reviewers",
      "team-reviewers",
      "assignees",
      "draft",
      "dry-run",
      "confirm-after",
      "revert",
      "gate-window",
      "gate-on-missing-data",
      "comment",
      "github-token",
    ]
  `);
});
