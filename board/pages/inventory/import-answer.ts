/** What an import did, or would do: see `POST /api/v1/inventory/import`. */
export interface ImportAnswer {
  readonly revision: number;
  readonly counts: { readonly added: number; readonly changed: number; readonly removed: number };
  readonly added: readonly Named[];
  readonly changed: readonly (Named & {
    readonly fields: readonly {
      readonly field: string;
      readonly before?: unknown;
      readonly after?: unknown;
    }[];
  })[];
  readonly removed: readonly Named[];
  readonly notes: readonly string[];
  readonly truncated: boolean;
}

export interface Named {
  readonly kind: string;
  readonly id: string;
}
