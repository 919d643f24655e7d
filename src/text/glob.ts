/** Is told the steps that a comparison took; a glob over a path takes at most as many as their lengths multiplied. */
export type CountSteps = (steps: number) => void;

/** Whether `text` as a whole fits `glob` (`*` any text, `?` one character); an absent glob fits all. */
export function matchesGlob(glob: string | undefined, text: string, count?: CountSteps): boolean {
  if (glob === undefined) return true;
  let [inGlob, inText, star, resume, steps] = [0, 0, -1, 0, 0];
  while (inText < text.length) {
    steps++;
    if (glob[inGlob] === '*') {
      star = inGlob;
      resume = inText;
      inGlob += 1;
    } else if (glob[inGlob] === '?' || glob[inGlob] === text[inText]) {
      inGlob += 1;
      inText += 1;
    } else if (star >= 0) {
      resume += 1;
      inText = resume;
      inGlob = star + 1;
    } else {
      count?.(steps);
      return false;
    }
  }
  count?.(steps);
  return /^\**$/.test(glob.slice(inGlob));
}

/** Nobody writes a longer one. */
const LONGEST_GLOB = 1000;

/**
 * A glob over paths with `/`: `*` and `?` stay within a folder, `**` crosses folders, a glob without `/` matches a file of
 * that name in any folder, and one that ends in `/` all that is below. Takes time in proportion to glob times path: globs
 * stand in repositories, too.
 */
export function pathMatcher(glob: string, count?: CountSteps): (path: string) => boolean {
  if (glob.length > LONGEST_GLOB) return () => false;
  const trimmed = glob.replace(/^\.?\//, '');
  const anchored = glob.startsWith('/') || trimmed.includes('/') ? trimmed : `**/${trimmed}`;
  const globs = unglued(anchored.endsWith('/') ? `${anchored}**` : anchored).map((one) => one.split('/'));
  return (path) => {
    const steps = path.split('/');
    return globs.some((one) => matchesSteps(one, steps, count));
  };
}

/** `a**b` crosses folders or not: it stands for what `a*b` and `a*` + `**` + `*b` match together. Of many only the first few do. */
function unglued(glob: string, most = 4): string[] {
  const at = /[^/*]\*\*|\*\*[^/*]/.exec(glob);
  if (!at || most === 0) return [glob];
  const from = at.index + at[0].indexOf('**');
  const [before, after] = [glob.slice(0, from), glob.slice(from + 2)];
  const [left, right] = [
    before.endsWith('/') || before === '' ? before : `${before}*/`,
    after.startsWith('/') || after === '' ? after : `/*${after}`,
  ];
  return [...unglued(`${before}*${after}`, most - 1), ...unglued(`${left}**${right}`, most - 1)];
}

/** `**` stands for any number of folders; at the end for at least one more step. */
function matchesSteps(glob: readonly string[], path: readonly string[], count?: CountSteps): boolean {
  let [inGlob, inPath, star, resume] = [0, 0, -1, 0];
  while (inPath < path.length) {
    const step = glob[inGlob];
    if (step === '**') {
      if (inGlob === glob.length - 1) return true;
      star = inGlob;
      resume = inPath;
      inGlob += 1;
    } else if (step !== undefined && matchesGlob(step, path[inPath] ?? '', count)) {
      inGlob += 1;
      inPath += 1;
    } else if (star >= 0) {
      resume += 1;
      inPath = resume;
      inGlob = star + 1;
    } else {
      return false;
    }
  }
  return inGlob === glob.length;
}
