/** Numbers between -1 and 1 that look random and are the same in every run. */
export function noiseOf(seed: number): (hours: number) => number {
  return (hours) => {
    const x = Math.sin((hours + 1000) * 12.9898 + seed * 78.233) * 43758.5453;
    return (x - Math.floor(x)) * 2 - 1;
  };
}
