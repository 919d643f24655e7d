import { type CountSteps, pathMatcher } from '../text/glob.ts';

/** Folders that hold no manifests of the repository's own, unless a glob names one of them. */
const NOT_MANIFESTS = ['node_modules', 'vendor', '.terraform', 'bower_components'];
/** Never read for editing, whatever the globs say. */
const NEVER = ['.git', '.github'];

const TOOL_FILES =
  /(^|\/)((package|package-lock|npm-shrinkwrap|composer|deno|jsconfig|tsconfig([.-][^/]*)?)\.json|[^/]*[.-]lock\.json|(pnpm|conda|vendir|kbld|imgpkg)[.-]lock\.ya?ml|[^/]*\.schema\.json)$/i;

/** Whether a file is some tool's own: locks, packages and schemas are large, many and never manifests. */
export function isToolFile(path: string): boolean {
  return TOOL_FILES.test(path);
}

/**
 * Whether a path is among the manifests: the last glob that matches decides, `!` excludes. Only `!` globs means all but
 * those. Dependency folders stay out unless a glob names one; `.git` and `.github` always do.
 */
export function manifestMatcher(globs: readonly string[], count?: CountSteps): (path: string) => boolean {
  const wanted = globs.map((glob) => glob.trim()).filter((glob) => glob !== '');
  const rules = wanted.map((glob) => ({
    include: !glob.startsWith('!'),
    fits: pathMatcher(glob.replace(/^!/, ''), count),
  }));
  const positive = wanted.filter((glob) => !glob.startsWith('!'));
  const skipped = new Set(NOT_MANIFESTS.filter((folder) => !positive.some((glob) => glob.split('/').includes(folder))));
  for (const folder of NEVER) skipped.add(folder);
  return (path) => {
    const folders = path.split('/').slice(0, -1);
    if (folders.some((folder) => skipped.has(folder.toLowerCase()) || skipped.has(folder))) return false;
    let matched = positive.length === 0;
    for (const rule of rules) if (rule.fits(path)) matched = rule.include;
    return matched;
  };
}
