import { AnswerSize } from '../answer-size.ts';
import { ColumnMemory, Conversation } from '../conversation.ts';
import { FakeSession, type Objects } from './fake-session.ts';

/** A conversation with a device that has these objects. */
export function converseWith(objects: Objects): Conversation {
  return new Conversation({
    session: new FakeSession(objects),
    memory: new ColumnMemory(new AnswerSize({ start: 25, most: 25 })),
    signal: new AbortController().signal,
    retriesEmpty: true,
  });
}

/** A table from its rows: `{ 1: { 2: 'a' } }` below `t` is the object `t.2.1`. */
export function objectsOf(
  table: string,
  rows: Readonly<Record<string, Readonly<Record<number, Objects[string]>>>>,
): Objects {
  const objects: Record<string, Objects[string]> = {};
  for (const [index, columns] of Object.entries(rows)) {
    for (const [column, value] of Object.entries(columns)) objects[`${table}.${column}.${index}`] = value;
  }
  return objects;
}
