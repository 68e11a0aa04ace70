/** A string that does not print itself. `reveal` is the one way out, so `grep reveal` lists every exit. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  // What util.inspect and console.log call; the symbol is looked up by name so that this folder imports nothing.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}
