import { monthlyCost, type Price } from '../model/price.ts';
import { count } from '../text/format.ts';

const LEAST = 0.01;

/** "about 12.80 EUR a month", "less than 0.01 a month"; of what is more or less than nothing. */
export function sayMonthly(bytes: number, price: Price): string {
  const cost = Math.abs(monthlyCost(bytes, price));
  const currency = price.currency === undefined ? '' : ` ${price.currency}`;
  if (cost === 0) return 'nothing';
  if (cost < LEAST) return `less than ${LEAST}${currency} a month`;
  return `about ${cost < 99.995 ? cost.toFixed(2) : cost.toFixed(0)}${currency} a month`;
}

/** "costs about 12.80 EUR a month more", "frees about 410 a month", "costs the same"; nothing where either is not known. */
export function sayCostOf(reserved: number | undefined, price: Price | undefined): string | undefined {
  if (reserved === undefined || price === undefined) return undefined;
  if (monthlyCost(reserved, price) === 0) return 'costs the same';
  return reserved < 0 ? `frees ${sayMonthly(reserved, price)}` : `costs ${sayMonthly(reserved, price)} more`;
}

/** Bytes that are set aside more and less, never the one taken from the other; `unknown` counts those of which it is not known. */
export interface CostSum {
  readonly added: number;
  readonly freed: number;
  readonly unknown: number;
}

/** Of changes, each with the bytes that it sets aside more or, where negative, less. */
export function sumCosts(reserved: readonly (number | undefined)[]): CostSum {
  const known = reserved.filter((one) => one !== undefined);
  return {
    added: known.reduce((sum, one) => sum + Math.max(0, one), 0),
    freed: known.reduce((sum, one) => sum + Math.max(0, -one), 0),
    unknown: reserved.length - known.length,
  };
}

/** "cost about 12.80 EUR a month more and free about 410 EUR a month"; nothing where nothing of it is known. */
export function sayCostSum({ added, freed, unknown }: CostSum, price: Price, what: CostWords): string | undefined {
  const isFree = monthlyCost(added, price) === 0 && monthlyCost(freed, price) === 0;
  const parts = [
    ...(monthlyCost(added, price) > 0 ? [`${what.adds} ${sayMonthly(added, price)} more`] : []),
    ...(monthlyCost(freed, price) > 0 ? [`${what.frees} ${sayMonthly(freed, price)}`] : []),
  ];
  if (isFree && unknown > 0) return undefined;
  const left = unknown === 0 ? '' : ` (${count(unknown, what.counted)} not counted)`;
  return `${isFree ? `${what.adds} the same` : parts.join(' and ')}${left}`;
}

/** The verbs for what is summed up, and a noun for one of it. */
export interface CostWords {
  readonly adds: 'cost' | 'costs';
  readonly frees: 'free' | 'frees';
  readonly counted: string;
}
