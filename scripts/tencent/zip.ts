import { crc32, deflateRawSync } from 'node:zlib';

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** 1980-01-01, the first day that a zip can say: the same files are the same bytes, whenever they were packed. */
const [time, day] = [u16(0), u16(0x21)];
const [version, utf8, deflated] = [u16(20), u16(0x0800), u16(8)];
/** Of Unix, a file that all may read. */
const [madeBy, mode] = [u16((3 << 8) | 20), u32((0o100644 << 16) >>> 0)];

/** A zip of these files, in the order of their names. APPNOTE.TXT 6.3, 4.3.6. */
export const zipOf = (files: Readonly<Record<string, Buffer>>): Buffer => {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  const names = Object.keys(files).sort();
  for (const name of names) {
    const content = files[name] ?? Buffer.alloc(0);
    const packed = deflateRawSync(content, { level: 9 });
    const path = Buffer.from(name, 'utf8');
    const sizes = [u32(crc32(content)), u32(packed.length), u32(content.length), u16(path.length), u16(0)];
    const about = Buffer.concat([version, utf8, deflated, time, day, ...sizes]);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), about, path, packed]);
    locals.push(local);
    entries.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02', 'latin1'),
        madeBy,
        about,
        // No comment, the first disk, no text.
        ...[u16(0), u16(0), u16(0), mode, u32(at), path],
      ]),
    );
    at += local.length;
  }
  const directory = Buffer.concat(entries);
  const count = u16(names.length);
  const end = [
    Buffer.from('PK\x05\x06', 'latin1'),
    u16(0),
    u16(0),
    count,
    count,
    u32(directory.length),
    u32(at),
    u16(0),
  ];
  return Buffer.concat([...locals, directory, ...end]);
};
