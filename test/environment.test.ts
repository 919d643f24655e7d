import { expect, test } from 'vitest';
import { readEnvironment } from '../src/environment.ts';

test('reads where the job runs', () => {
  const environment = readEnvironment({
    GITHUB_WORKSPACE: '/work',
    GITHUB_SERVER_URL: 'https://git.example',
    GITHUB_REPOSITORY: 'shop/deploy',
    GITHUB_RUN_ID: '7',
    GITHUB_SHA: 'abc',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: '/work/event.json',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: 'https://git.example/api/v3',
    GITHUB_GRAPHQL_URL: 'https://git.example/api/graphql',
  });
  expect(environment.workspace).toBe('/work');
  expect(environment.github).toEqual({
    repository: { owner: 'shop', name: 'deploy' },
    repositoryUrl: 'https://git.example/shop/deploy',
    runUrl: 'https://git.example/shop/deploy/actions/runs/7',
    commit: 'abc',
    eventName: 'pull_request',
    eventPath: '/work/event.json',
    actor: 'octocat',
    serverUrl: 'https://git.example',
    apiUrl: 'https://git.example/api/v3',
    graphqlUrl: 'https://git.example/api/graphql',
  });
});

test('takes what is empty for absent, and needs nothing', () => {
  const empty = readEnvironment({ GITHUB_REPOSITORY: '', GITHUB_STEP_SUMMARY: '', GITHUB_WORKSPACE: '', PATH: '' });
  const { inherited, ...environment } = readEnvironment({});
  expect(empty).toMatchObject(environment);
  expect(environment).toEqual({
    github: { apiUrl: 'https://api.github.com' },
    workspace: '.',
    pace: 'unhurried',
  });
});

test('a repository without an owner is none', () => {
  expect(readEnvironment({ GITHUB_REPOSITORY: 'deploy' }).github.repository).toBeUndefined();
});
