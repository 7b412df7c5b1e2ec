/** A value for some of these names and no other; where there are no names, nothing. A mapped type of none would take any. */
export type ByName<Name extends string, Value> = [Name] extends [never]
  ? Readonly<Record<string, never>>
  : { readonly [Key in Name]?: Value }
