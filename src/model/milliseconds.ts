/** Rounds milliseconds to a tenth: finer is noise. */
export function tenth(ms: number): number {
  return Math.round(ms * 10) / 10;
}
