/** A set of positive integers as sorted, disjoint, non-adjacent inclusive ranges. Immutable. */
export type Ranges = readonly (readonly [number, number])[];
