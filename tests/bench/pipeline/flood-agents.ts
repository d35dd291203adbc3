/** The agents of the flood: 38,400 series of 10 values together. */
export const FLOOD_AGENTS: readonly string[] = Array.from({ length: 40 }, (_, index) => `flood-${index}`);
