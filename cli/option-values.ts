import { InvalidArgumentError } from 'commander';

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
const DURATION_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
export const duration = (text: string): number => {
  const [, amount, unit] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : DURATION_MS[unit];
  if (amount === undefined || factor === undefined)
    throw new InvalidArgumentError('expected a duration such as 60s or 5m');
  return Number(amount) * factor;
};
