/** Rounds to steps per unit: 10 keeps one decimal, 2 keeps halves. More digits than instruments resolve only enlarge batches. */
export function roundTo(value: number, stepsPerUnit: number): number {
  return Math.round(value * stepsPerUnit) / stepsPerUnit;
}

/** °C, V, minutes, Mbit/s. */
export function tenth(value: number): number {
  return roundTo(value, 10);
}

/** Per cent, loads. */
export function hundredth(value: number): number {
  return roundTo(value, 100);
}

/** Milliseconds, to the microsecond. */
export function thousandth(value: number): number {
  return roundTo(value, 1_000);
}

export function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
