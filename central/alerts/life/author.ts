/** Who does something, for the timeline and the audit log. */
export interface Author {
  /** Name of the token. */
  readonly actor: string;
  /** The caller's address. */
  readonly from: string;
}
