/** A percentage with one decimal, as the tables show it: `100.8 %`. */
export function formatPercent(percent: number): string {
  return `${percent.toFixed(1)} %`;
}

/** Growth as a signed whole percentage: `+27 %`, `−4 %`, `±0 %`. */
export function formatGrowth(percent: number): string {
  const rounded = Math.round(percent);
  if (rounded === 0) return '±0 %';
  return rounded > 0 ? `+${rounded} %` : `−${-rounded} %`;
}

/**
 * Hours as a reader says them: minutes below two hours, hours below three days, days from there. Whole ones, so that
 * nothing short of what is needed reads as enough.
 */
export function formatHours(hours: number): string {
  if (hours < 2) return `${Math.floor(hours * 60 + 1e-6)} min`;
  if (hours < 72) return `${Math.floor(hours + 1e-6)} h`;
  return `${Math.floor(hours / 24 + 1e-6)} days`;
}

/** A count with its noun: `1 pod`, `3 pods`, `no restart`. */
export function formatCount(count: number, noun: string): string {
  if (count === 0) return `no ${noun}`;
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
