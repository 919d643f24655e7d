/** Folders that hold no manifests of the repository's own, unless a glob names one of them. */
const NOT_MANIFESTS = ['node_modules', 'vendor', '.terraform', 'bower_components'];
/** Never read for editing, whatever the globs say. */
const NEVER = ['.git', '.github'];

/**
 * A glob as an anchored pattern over a path with `/`: `*` and `?` stay within a folder, `**` crosses folders, and a glob
 * without `/` matches a file of that name in any folder.
 */
export function globPattern(glob: string): RegExp {
  const trimmed = glob.replace(/^\.?\//, '');
  const anchored = glob.startsWith('/') || trimmed.includes('/') ? trimmed : `**/${trimmed}`;
  const folder = anchored.endsWith('/') ? `${anchored}**` : anchored;
  const source = folder.replace(/\*\*\/|\/\*\*$|\*+|\?|[^*?/]+|\//g, (part) => {
    if (part === '**/') return '(?:[^/]+/)*';
    if (part === '/**') return '/.+';
    if (part === '*') return '[^/]*';
    if (/^\*+$/.test(part)) return '.*';
    if (part === '?') return '[^/]';
    return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'su');
}

/**
 * Whether a path is among the manifests: the last glob that matches decides, `!` excludes. Only `!` globs means all but
 * those. Dependency folders stay out unless a glob names one; `.git` and `.github` always do.
 */
export function manifestMatcher(globs: readonly string[]): (path: string) => boolean {
  const wanted = globs.map((glob) => glob.trim()).filter((glob) => glob !== '');
  const rules = wanted.map((glob) => ({
    include: !glob.startsWith('!'),
    pattern: globPattern(glob.replace(/^!/, '')),
  }));
  const positive = wanted.filter((glob) => !glob.startsWith('!'));
  const skipped = new Set(NOT_MANIFESTS.filter((folder) => !positive.some((glob) => glob.split('/').includes(folder))));
  for (const folder of NEVER) skipped.add(folder);
  return (path) => {
    const folders = path.split('/').slice(0, -1);
    if (folders.some((folder) => skipped.has(folder.toLowerCase()) || skipped.has(folder))) return false;
    let matched = positive.length === 0;
    for (const rule of rules) if (rule.pattern.test(path)) matched = rule.include;
    return matched;
  };
}
