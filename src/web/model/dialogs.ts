/** What is asked of the person, or shown to them, over the page. */

/** A question with one answer, and at most one thing to write. */
export interface Question {
  readonly title: string;
  readonly text?: string;
  readonly field?: {
    readonly label: string;
    readonly value?: string;
    readonly hint?: string;
    readonly isOptional?: true;
  };
  /** What the button says that does it. */
  readonly yes: string;
  /** Cannot be taken back, or is against somebody. */
  readonly isGrave?: true;
  /**
   * Does it with what was written; what it throws is shown in the dialog, which stays.
   *
   * @throws {ConfabError} what the server refuses.
   */
  run(written: string): void | Promise<void>;
}

export type PageDialog = Readonly<
  | { kind: "question"; question: Question }
  | { kind: "verify"; name: string }
  | { kind: "settings" }
  | { kind: "rooms" }
  | { kind: "invite" }
  | { kind: "own-key" }
>;
