import { InvalidArgumentError } from 'commander';
import { parseDurationMs } from '../runtime/duration.ts';

const MAX_LIFETIME_MS = 36_500 * 86_400_000;

/** Parsers of options that several commands have; commander prints what they throw. */
export const port = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('expected 0 to 65535');
  return value;
};
export const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number from 1');
  return value;
};
export const wholeNumber = (text: string): number => (text === '0' ? 0 : count(text));
export const duration = (text: string): number => {
  const durationMs = parseDurationMs(text);
  if (durationMs === undefined) throw new InvalidArgumentError('expected a duration such as 60s or 5m');
  return durationMs;
};
/** In ms; Infinity: without end. Not null, of which commander makes an empty text. */
export const lifetime = (text: string): number => {
  if (text === 'never') return Number.POSITIVE_INFINITY;
  const durationMs = parseDurationMs(text);
  if (durationMs === undefined || durationMs === 0 || durationMs > MAX_LIFETIME_MS)
    throw new InvalidArgumentError('expected a time such as 12h or 90d, at most 36500d, or never');
  return durationMs;
};
