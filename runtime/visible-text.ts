/**
 * Characters that a terminal acts on instead of showing them: control characters (ESC, and U+009B in xterm), those that
 * change the direction of text or are not seen at all, line and paragraph separators, unpaired surrogates.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const UNSEEN_IN_LINES = /[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A value from elsewhere (an agent, a device, a file) as part of one line, so that a terminal shows it and does nothing else. Pure. */
export function visibleText(value: string): string {
  return value.replace(UNSEEN, (character) => NAMED[character] ?? escaped(character));
}

/** The same for whole lines, which keep their line breaks and tabs. JSON stays the same value. Pure. */
export function visibleLines(lines: string): string {
  return lines.replace(UNSEEN_IN_LINES, escaped);
}

/** As in JSON. */
function escaped(characters: string): string {
  return Array.from({ length: characters.length }, (_, at) => {
    const hex = characters.charCodeAt(at).toString(16).padStart(4, '0');
    return `\\u${hex}`;
  }).join('');
}
