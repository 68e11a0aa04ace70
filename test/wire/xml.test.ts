import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { child, childText, descendant, escapeXml, readXml } from '../../lib/wire/xml.ts';

describe('reading XML', () => {
  it('knows elements by local name, whatever prefix or namespace they have', () => {
    const root = readXml('<?xml version="1.0"?><ns2:A xmlns:ns2="none"><b>1</b><x:c xmlns:x="y"> 2 </x:c></ns2:A>');

    expect(root?.name).toBe('A');
    expect(childText(root, 'b')).toBe('1');
    expect(childText(root, 'c')).toBe('2');
  });

  it('takes references and CDATA for their text', () => {
    const root = readXml('<a><b>&lt;&#38;&#x3e;</b><c><![CDATA[<d>]]></c></a>');
    expect([childText(root, 'b'), childText(root, 'c')]).toEqual(['<&>', '<d>']);
  });

  it.each([
    '',
    'text',
    '{"a":1}',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a>&undefined;</a>',
    '<a>&#0;</a>',
    '<html><body><br></body></html>',
    '<!DOCTYPE a><a/>',
    '<!doctype html><html></html>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  ])('finds none in %j', (text) => {
    expect(readXml(text)).toBeUndefined();
  });

  it('goes 32 deep and no deeper', () => {
    const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    expect(readXml(nested(32))).toBeDefined();
    expect(readXml(nested(33))).toBeUndefined();
    expect(readXml(nested(30_000))).toBeUndefined();
  });

  it('reads no document of more than 64 KiB', () => {
    expect(readXml(`<a>${'x'.repeat(64 * 1024 - 7)}</a>`)).toBeDefined();
    expect(readXml(`<a>${'x'.repeat(64 * 1024 - 6)}</a>`)).toBeUndefined();
  });

  it.each(['<b/>', '<b></b>', 'x<b/>', '<!---->', '<![CDATA[]]>', '<?b?>'])(
    'reads no document of many small pieces: %s',
    (piece) => {
      expect(readXml(`<a>${piece.repeat(1000)}</a>`)).toBeDefined();
      expect(readXml(`<a>${piece.repeat(5000)}</a>`)).toBeUndefined();
    },
  );

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('<', '>', '/', 'a', 'b', ':', '&', ';', '"', '=', ' ', '<!--', '-->', '<?'),
        }),
        (text) => {
          expect(() => readXml(text)).not.toThrow();
        },
      ),
    );
  });
});

describe('looking into a document', () => {
  const root = readXml('<a><b><c>deep</c></b><c>near</c><d/><e> </e></a>');

  it('finds the first child, or the first at any depth', () => {
    expect(child(root, 'c')?.text).toBe('near');
    expect(descendant(root, 'c')?.text).toBe('deep');
    expect(descendant(root, 'a')).toBe(root);
  });

  it('takes an empty element for nothing said', () => {
    expect(childText(root, 'd')).toBeUndefined();
    expect(childText(root, 'e')).toBeUndefined();
  });

  it('finds nothing in nothing', () => {
    expect(child(undefined, 'a')).toBeUndefined();
    expect(childText(undefined, 'a')).toBeUndefined();
    expect(descendant(undefined, 'a')).toBeUndefined();
    expect(descendant(root, 'z')).toBeUndefined();
  });
});

describe('writing text into XML', () => {
  it('is undone by reading, for every text that XML can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const held = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
        expect(readXml(`<a>${escapeXml(text)}</a>`)?.text).toBe(held.trim());
      }),
    );
  });

  it('lets no text out of its element', () => {
    expect(escapeXml(`</Code><Code a="b" c='d'>&amp;`)).not.toMatch(/[<>"']|&(?!#\d+;)/);
    expect(escapeXml('\ud800\u0000')).toBe('\ufffd\ufffd');
  });
});
