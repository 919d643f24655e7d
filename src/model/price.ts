const GIB = 1024 ** 3;

/** What requested memory costs. */
export interface Price {
  /** Of one GiB for a month; zero costs nothing. */
  readonly perGibMonth: number;
  /** Three letters (ISO 4217); absent where only a number was given. */
  readonly currency?: string;
}

/** What memory costs a month, in the currency of the price; negative for what is freed. */
export function monthlyCost(bytes: number, { perGibMonth }: Price): number {
  return (bytes / GIB) * perGibMonth;
}

/** The same to four decimals, for programs; `undefined` where the bytes are not known. */
export function exactCost(bytes: number, price: Price): number;
export function exactCost(bytes: number | undefined, price: Price): number | undefined;
export function exactCost(bytes: number | undefined, price: Price): number | undefined {
  if (bytes === undefined) return undefined;
  const cost = Math.round(monthlyCost(Math.abs(bytes), price) * 10_000) / 10_000;
  return bytes < 0 && cost > 0 ? -cost : cost;
}
