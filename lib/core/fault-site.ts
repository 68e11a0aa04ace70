const maxFrames = 3;
/** A line of a stack: what was called, if it has a name, and the file without its folders. */
const frame = /^ +at (?:async )?(?:([\w$.<>[\] ]{1,80}) \()?(?:.*[/\\])?([\w.-]{1,80}:\d+):\d+\)?$/;

/**
 * Where something failed that nobody foresaw, for an operator: the kind of error, its code if it has one, and the
 * calls that led there. Its message is left out, since it may quote what the program was given.
 *
 * @example
 * faultSiteOf(new TypeError('secret')); // 'TypeError at inputOf (body.ts:129), readBody (body.ts:94)'
 */
export const faultSiteOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return `a thrown ${typeof thrown}`;
  const { name, message } = thrown;
  const stack = String(thrown.stack);
  const frames = stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .flatMap((line) => {
      const [, called, file] = frame.exec(line) ?? [];
      return file === undefined ? [] : [called === undefined ? file : `${called} (${file})`];
    });
  const { code } = thrown as { readonly code?: unknown };
  const kind = [name, code].filter((word) => typeof word === 'string' && /^\w{1,40}$/.test(word));
  return `${kind.join(' ')} at ${frames.slice(0, maxFrames).join(', ')}`;
};
