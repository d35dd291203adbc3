import { z } from 'zod';

/** A point in time in an answer of the API. */
export const unixMs = z.number().describe('Unix time in ms');
