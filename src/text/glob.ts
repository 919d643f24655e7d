/** Is told the steps that a comparison took; a glob over a path takes at most as many as their lengths multiplied. */
export type CountSteps = (steps: number) => void;

/** Whether `text` as a whole fits `glob` (`*` any text, `?` one character); an absent glob fits all. */
export function matchesGlob(glob: string | undefined, text: string, count?: CountSteps): boolean {
  if (glob === undefined) return true;
  const end = matchSequence(glob, text, '*', isSameLetter, count);
  return end !== undefined && /^\**$/.test(glob.slice(end));
}

function isSameLetter(inGlob: string, inText: string): boolean {
  return inGlob === '?' || inGlob === inText;
}

/**
 * How much of the glob's parts all of the text's parts take, where `star` stands for any number of them; `undefined` where
 * they do not fit. Going back to the last star is enough: an earlier one could take no less.
 */
function matchSequence<Part>(
  glob: ArrayLike<Part>,
  text: ArrayLike<Part>,
  star: Part,
  fits: (inGlob: Part, inText: Part) => boolean,
  count?: CountSteps,
): number | undefined {
  let [inGlob, inText, back, resume, steps] = [0, 0, -1, 0, 0];
  while (inText < text.length) {
    steps++;
    const part = glob[inGlob];
    if (part === star) {
      back = inGlob;
      resume = inText;
      inGlob += 1;
    } else if (part !== undefined && fits(part, text[inText] as Part)) {
      inGlob += 1;
      inText += 1;
    } else if (back >= 0) {
      resume += 1;
      inText = resume;
      inGlob = back + 1;
    } else {
      count?.(steps);
      return undefined;
    }
  }
  count?.(steps);
  return inGlob;
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
  const fits = (inGlob: string, inPath: string) => matchesGlob(inGlob, inPath, count);
  return (path) => {
    const steps = path.split('/');
    // At the end `**` stands for at least one more step.
    return globs.some((one) => matchSequence(one, steps, '**', fits, count) === one.length);
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
