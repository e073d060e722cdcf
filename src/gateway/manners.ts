/** How a server wants its old clients to be served. */
export interface Manners {
  /** Returns every chat also to its author; at a bare terminal, every line as it came. */
  readonly echo?: "on" | "off";
  /** The first line of a bare terminal is its name. */
  readonly askName?: "on" | "off";
  /** Nobody enters without it. What a codec does depends on whether there is one. */
  readonly password?: string;
}
