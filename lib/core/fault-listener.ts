/** Is told how something does that this process leans on, such as its store. What was thrown says why by a code. */
export interface FaultListener {
  /** It does not answer. Called again and again while that is so. */
  failed(thrown: unknown): void;
  /** It answered that it does not do what was asked. */
  refused(thrown: unknown): void;
  /** It answers. Called also if it never failed. */
  answered(): void;
}
