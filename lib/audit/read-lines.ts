import { createReadStream } from 'node:fs';

const newline = 0x0a;
/** Longer than any line of ours. What is behind it is left out, so that the line does not verify. */
const maxLineBytes = 1024 * 1024;

/** The lines of a file as they stand, without their ends, one at a time. */
export async function* readLines(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let length = 0;
  const keep = (piece: Buffer): void => {
    if (length <= maxLineBytes) rest.push(piece);
    length += piece.length;
  };
  const take = (): Buffer => {
    const line = rest.length === 1 && rest[0] !== undefined ? rest[0] : Buffer.concat(rest);
    rest = [];
    length = 0;
    return line;
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    const bytes = chunk as Buffer;
    let from = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
      keep(bytes.subarray(from, end));
      yield take();
      from = end + 1;
    }
    if (from < bytes.length) keep(bytes.subarray(from));
  }
  if (length > 0) yield take();
}
