/**
 * Where a device or a server stands. Tags are written as literals with all their names, never with a spread: V8 gives each
 * spread object a shape of its own, which for the tags of a city costs 9 MB, and time at each use.
 */
export type DeviceTags = Readonly<Record<'device' | 'site' | 'unit', string>>;
export type ServerTags = Readonly<Record<'host' | 'site' | 'unit', string>>;
