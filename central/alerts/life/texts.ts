import { z } from 'zod';

/** What people write: composed (NFC), so that one text is one whoever typed it; several lines at most. */
const written = (maxChars: number) =>
  z
    .string()
    .normalize('NFC')
    .min(1)
    .max(maxChars)
    .refine((text) => text.trim() !== '', 'expected more than spaces')
    .refine(
      (text) => !/[^\P{Cc}\n\t]|[\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(text),
      'expected no control characters but line breaks and tabs, and none that change the direction of text',
    );

export const reasonSchema = written(500);
export const commentSchema = written(2_000);

/** A name on one line, such as that of a person. */
export const nameSchema = written(100).refine((text) => !/[\n\t]/.test(text), 'expected one line');
