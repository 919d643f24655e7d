/** What requested memory costs. */
export interface Price {
  /** Of one GiB for a month; zero costs nothing. */
  readonly perGibMonth: number;
  /** Three letters (ISO 4217); absent where only a number was given. */
  readonly currency?: string;
}
