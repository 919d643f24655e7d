/** What was read of the way from the JVMs to their series in Prometheus. Plain JSON, as all of an observation. */
export interface Scraping {
  /** Unix seconds. */
  readonly at: number;
}
