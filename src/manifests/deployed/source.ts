import type { AppliedSource, Home } from './deployed.ts';

const HERE: AppliedSource = { state: 'here' };
/** Revisions that mean the branch of a repository that is not named. */
const NO_REVISION = ['', 'HEAD'];
/** A version or a range of versions is a tag, a long hexadecimal number a commit. */
const NO_BRANCH = /^(?:[~^<>=*].*|v?\d+(?:\.(?:\d+|x|\*))*(?:[-+][\w.-]+)?|[0-9a-f]{7,64}|refs\/tags\/.*)$/;

/** Whether a repository at a revision is the one that is edited, on its branch. */
export function judgeSource(url: string | undefined, revision: string | undefined, home: Home): AppliedSource {
  if (url !== undefined && home.repository !== undefined && !isHome(url, home.repository)) {
    return { state: 'elsewhere', from: brief(url) };
  }
  const wanted = (revision ?? '').replace(/^refs\/heads\//, '');
  if (NO_REVISION.includes(wanted)) return HERE;
  if (home.branch !== undefined ? wanted !== home.branch : NO_BRANCH.test(wanted)) {
    const into = home.branch === undefined ? '' : `, while changes go to ${home.branch}`;
    return { state: 'elsewhere', from: `${brief(wanted)}${into}` };
  }
  return HERE;
}

/** Whether a URL, over any protocol and from any mirror, names a repository by its owner and name. */
function isHome(url: string, repository: string): boolean {
  const end = url.search(/[?#]/);
  const path = (end < 0 ? url : url.slice(0, end))
    .trim()
    .replace(/\/$/, '')
    .replace(/\.git$/, '')
    .toLowerCase();
  const wanted = repository.toLowerCase();
  return path === wanted || path.endsWith(`/${wanted}`) || path.endsWith(`:${wanted}`);
}

function brief(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
