import { describe, expect, it } from 'vitest';
import { requestInTrace } from '../../bin/commands/curl-trace.ts';

const sent = `POST /a HTTP/1.1\r\nHost: h:1\r\nContent-Length: 70\r\n\r\n${'x'.repeat(70)}`;

const hex = (text: string): string => {
  const rows: string[] = [];
  for (let at = 0; at < text.length; at += 16) {
    const piece = Buffer.from(text.slice(at, at + 16));
    const bytes = [...piece].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    rows.push(
      `${at.toString(16).padStart(4, '0')}: ${`${bytes} `.padEnd(48)}${piece.toString().replace(/[\r\n]/g, '.')}`,
    );
  }
  return rows.join('\n');
};

const [head = '', body = ''] = sent.split(/(?<=\r\n\r\n)/);

describe('what curl prints of a request', () => {
  it('is read from --trace, byte for byte', () => {
    const trace = [
      '== Info:   Trying 127.0.0.1:1...',
      `=> Send header, ${head.length} bytes (0x37)`,
      hex(head),
      `=> Send data, ${body.length} bytes (0x46)`,
      hex(body),
      '<= Recv header, 17 bytes (0x11)',
      hex('HTTP/1.1 200 OK\r\n'),
    ].join('\n');
    expect(requestInTrace(trace)?.toString()).toBe(sent);
  });

  it('is read from --trace-ascii, whose lines end at CRLF and after 64 bytes, with or without times', () => {
    const trace = [
      `10:00:00.123456 => Send header, ${head.length} bytes (0x37)`,
      '0000: POST /a HTTP/1.1',
      '0012: Host: h:1',
      '001d: Content-Length: 70',
      '0031: ',
      `10:00:00.123456 => Send data, ${body.length} bytes (0x46)`,
      `0000: ${'x'.repeat(64)}`,
      `0040: ${'x'.repeat(6)}`,
      '10:00:00.123456 == Info: done',
    ].join('\n');
    expect(requestInTrace(trace)?.toString()).toBe(sent);
  });

  it('is read from -v, the last of several, without a body', () => {
    const trace = [
      '* Trying',
      '> GET /first HTTP/1.1',
      '> Host: a',
      '> ',
      '< HTTP/1.1 302',
      '> GET /b HTTP/1.1',
      '> Host: b',
      '> ',
    ];
    expect(requestInTrace(trace.join('\n'))?.toString()).toBe('GET /b HTTP/1.1\r\nHost: b\r\n\r\n');
  });

  it('is not read from a request that stands there as it was sent', () => {
    expect(requestInTrace(sent)).toBeUndefined();
  });
});
