import { parseXml, XmlDocumentType, XmlElement } from '@rgrove/parse-xml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Element, readXml } from '../../lib/wire/xml.ts';

const elementOf = (node: XmlElement): Element => ({
  name: node.name.slice(node.name.indexOf(':') + 1),
  text: node.text.trim(),
  children: node.children.filter((child) => child instanceof XmlElement).map(elementOf),
});

/** What a known parser makes of a document, unless it has a document type, which we refuse and it passes over. */
const parsed = (text: string): Element | undefined => {
  try {
    const { root, children } = parseXml(text, { preserveDocumentType: true });
    return root === null || children.some((child) => child instanceof XmlDocumentType) ? undefined : elementOf(root);
  } catch {
    return undefined;
  }
};

/** Where it is looser than XML: parts of its declaration may be empty, cut short, or without a blank between them. */
const isLoose = (text: string): boolean =>
  /(encoding|standalone)(?!\s*=\s*["'][^"'])|encoding\s*=\s*("[^"]*"|'[^']*')standalone/.test(text);

const agrees = (text: string): void => {
  const theirs = parsed(text);
  if (theirs !== undefined && isLoose(text)) return;
  expect(readXml(text)).toEqual(theirs);
};

const name = fc.constantFrom('a', 'ns2:b', 'c-d', '_e.1', 'é', 'x\u00b7', '\u{10000}f', 'constructor', 'xml:g', ':');
const blank = fc.constantFrom('', ' ', '\n', '\r\n', '\t ', '\r');
const gap = fc.constantFrom(' ', '\n', '\r\n ', '\t');
const reference = fc.constantFrom(
  '&amp;',
  '&lt;',
  '&gt;',
  '&quot;',
  '&apos;',
  '&#13;',
  '&#x41;',
  '&#38;',
  '&#x10FFFF;',
);
const words = fc.constantFrom(
  '',
  'word',
  ' two words ',
  ']] ',
  '>',
  '"',
  "'",
  '\u{1f600}',
  '\u00a0',
  '-',
  '?',
  'a\r\nb',
);
const value = fc.array(fc.oneof(words, reference), { maxLength: 3 }).map((parts) => parts.join(''));

const attributes = fc
  .uniqueArray(fc.tuple(name, value, gap, blank, blank), { maxLength: 3, selector: ([key]) => key })
  .map((list) =>
    list.map(([key, said, before, ...[left, right]]) => `${before}${key}${left}=${right}${quote(said)}`).join(''),
  );
const quote = (said: string): string => (said.includes('"') ? `'${said.replaceAll("'", '')}'` : `"${said}"`);

const comment = fc.constantFrom('<!---->', '<!-- a - b -->', '<!--<a>&b;-->', '<!-->-->');
const instruction = fc.constantFrom('<?a?>', '<?b c?>', '<?xml-style <a> ?>', '<?d\n?>');
const cdata = fc.constantFrom('<![CDATA[]]>', '<![CDATA[<a>&amp;]]>', '<![CDATA[ ]] ]]]>', '<![CDATA[\r\n]]>');

const { node } = fc.letrec<{ node: string; inside: string }>((tie) => ({
  node: fc
    .tuple(name, attributes, fc.array(tie('inside'), { maxLength: 4 }), blank)
    .map(([tag, said, inside, end]) =>
      inside.length === 0 ? `<${tag}${said}${end}/>` : `<${tag}${said}${end}>${inside.join('')}</${tag}${end}>`,
    ),
  inside: fc.oneof({ maxDepth: 4 }, value, comment, instruction, cdata, tie('node')),
}));

const declaration = fc.constantFrom(
  '',
  '\ufeff',
  '<?xml version="1.0"?>',
  "\ufeff<?xml version='1.1' encoding='UTF-8' ?>",
  '<?xml  version = "1.0" encoding="utf-8" standalone="no"?>',
  '<?xml version="1.0" standalone="yes"\n?>',
);
const between = fc.array(fc.oneof(gap, comment, instruction), { maxLength: 2 }).map((parts) => parts.join(''));
const whole = fc.tuple(declaration, between, node, between).map((parts) => parts.join(''));

const fragments = [
  ...['<', '>', '/', '&', ';', '"', "'", '=', ' ', '\r', '\n', ']]>', '--', '-->', '?>', '<?', '<!', '#', ':', '.'],
  ...['<a>', '</a>', '<a/>', '<!--', '<![CDATA[', '<?xml version="1.0"?>', '<?XML?>', '<!DOCTYPE a>', '&#0;', '&b;'],
  ...['&#X41;', '&#x110000;', '&constructor;', '\u0000', '\ud800', '\ufffe', '\u00b7', '1', 'xml:space="a"', ' a="1"'],
];

/** A document into which something was put, or out of which something was taken. */
const damaged = fc
  .tuple(
    whole,
    fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom('', ...fragments)), { minLength: 1, maxLength: 2 }),
  )
  .map(([text, wounds]) =>
    wounds.reduce((sofar, [place, length, put]) => {
      const at = place % (sofar.length + 1);
      return sofar.slice(0, at) + put + sofar.slice(at + length);
    }, text),
  );

describe('beside a known parser', () => {
  it('reads the same tree from every well-formed document', () => {
    fc.assert(
      fc.property(whole, (text) => {
        expect(parsed(text)).toBeDefined();
        agrees(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses what it refuses, of documents that were damaged', () => {
    fc.assert(fc.property(damaged, agrees), { numRuns: 5000 });
  });

  it('refuses what it refuses, of rows of fragments', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...fragments, 'a', 'b'), { maxLength: 12 }).map((row) => row.join('')),
        agrees,
      ),
      { numRuns: 5000 },
    );
  });
});
