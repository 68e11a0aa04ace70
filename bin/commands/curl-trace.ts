/** One piece of what curl sent: a line of the trace says at which byte it begins. */
const begins = /^(?:[\d:.]+ )?=> Send (header|data), \d+ bytes/;
const other = /^(?:[\d:.]+ )?(?:==|<=|=>) /;
const line = /^([0-9a-f]{4,8}): ?(.*)$/;
const hexBytes = /^((?:[0-9a-f]{2} ){1,16})/;

interface Block {
  readonly kind: string;
  readonly lines: { readonly offset: number; readonly text: string }[];
}

const blocksOf = (text: string): readonly Block[] => {
  const blocks: Block[] = [];
  let current: Block | undefined;
  for (const row of text.split(/\r?\n/)) {
    const kind = begins.exec(row)?.[1];
    if (kind !== undefined) {
      current = { kind, lines: [] };
      blocks.push(current);
    } else if (other.test(row)) current = undefined;
    else {
      const [, offset, rest] = line.exec(row) ?? [];
      if (offset !== undefined) current?.lines.push({ offset: Number.parseInt(offset, 16), text: rest ?? '' });
    }
  }
  return blocks;
};

const fromHex = ({ lines }: Block): Buffer =>
  Buffer.concat(lines.map(({ text }) => Buffer.from((hexBytes.exec(text)?.[1] ?? '').replaceAll(' ', ''), 'hex')));

/** `--trace-ascii` begins a line after each CRLF, which it leaves out, and after 64 bytes. */
const fromAscii = ({ lines }: Block): Buffer =>
  Buffer.from(
    lines
      .map(({ offset, text }, index) => {
        const next = lines[index + 1]?.offset;
        const last = next === undefined ? offset + text.length + 2 : next;
        return last === offset + text.length ? text : `${text}\r\n`;
      })
      .join(''),
    'latin1',
  );

const bytesOf = (block: Block, isHex: boolean): Buffer => {
  if (isHex) return fromHex(block);
  const bytes = fromAscii(block);
  // The end of a body is no line's end.
  return block.kind === 'data' ? bytes.subarray(0, bytes.length - 2) : bytes;
};

/** The lines of `curl -v`, which shows what was sent behind `> `, without the body. */
const fromVerbose = (text: string): Buffer | undefined => {
  const rows = text.split(/\r?\n/).filter((row) => /^>( |$)/.test(row));
  const first = rows.findLastIndex((row) => /^> [A-Z]+ \S+ HTTP\//.test(row));
  return first < 0
    ? undefined
    : Buffer.from(
        `${rows
          .slice(first)
          .map((row) => row.slice(2))
          .join('\r\n')}\r\n`,
        'latin1',
      );
};

/**
 * The last request in what `curl --trace`, `--trace-ascii` or `-v` printed, as it was sent; undefined if the text is none
 * of them.
 */
export const requestInTrace = (text: string): Buffer | undefined => {
  const blocks = blocksOf(text);
  const first = blocks.findLastIndex(({ kind }) => kind === 'header');
  const head = blocks[first];
  if (head === undefined) return fromVerbose(text);
  const isHex = hexBytes.test(head.lines[0]?.text ?? '');
  return Buffer.concat(blocks.slice(first).map((block) => bytesOf(block, isHex)));
};
