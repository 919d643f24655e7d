/** The words of a text that names of Kubernetes' objects could be made of, in lower case: `shop-web`, `web.api`. */
export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[a-z0-9]+(?:[.-]+[a-z0-9]+)*/g));
}

/** Whether a name is words joined by dashes and dots: `shop-web` of `shop` and `web`, or of `shop-web`. */
export function isMadeOf(name: string, has: (word: string) => boolean): boolean {
  const steps = name.toLowerCase().split(/([.-])/);
  const reached = new Set([0]);
  for (const from of reached) {
    for (let to = from + 1; to <= steps.length; to += 2) {
      if (has(steps.slice(from, to).join(''))) reached.add(to + 1);
    }
  }
  return reached.has(steps.length + 1);
}
