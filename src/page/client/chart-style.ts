import type uPlot from 'uplot';

/** How a chart looks at its place, in the present theme. */
export interface ChartStyle {
  /** A colour of the style sheet, by the name of its variable. */
  colour(name: string): string;
  readonly axis: uPlot.Axis;
}

export function styleOf(place: HTMLElement): ChartStyle {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim() || '#888';
  const line = { stroke: colour('line'), width: 1 };
  return { colour, axis: { stroke: colour('muted'), grid: line, ticks: line, font: '12px system-ui, sans-serif' } };
}

/** The room for a chart, in pixels. */
export function widthOf(place: HTMLElement): number {
  return Math.max(200, place.clientWidth);
}
