/**
 * A value that must not be seen. It prints as `[secret]` everywhere: in strings, JSON and Node's inspector.
 * `reveal` is called only where an FTP command is encoded and where the redaction funnel needs the value to hide it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for encoding a command or for redacting it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}
