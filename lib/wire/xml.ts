/** An element by local name: the clouds disagree on prefixes and namespaces, and none of it carries meaning. */
export interface Element {
  readonly name: string;
  /** All the text inside, its descendants' too, without the blanks at either end. */
  readonly text: string;
  readonly children: readonly Element[];
}

// Replies of an STS have a few KiB and some twenty elements. Reading takes a microsecond or more for each piece, during
// which nobody else is answered, so a hostile reply of many small pieces must end early.
const maxLength = 64 * 1024;
const maxPieces = 4096;
const maxDepth = 32;

// XML 1.0, fifth edition. 2.2: what a document can hold at all; 2.3: blanks and names.
const unheld = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const blank = '[ \\t\\n]';
const nameStart =
  ':A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f' +
  '\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}';
const name = `[${nameStart}][${nameStart}\\-.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040]*`;
const equals = `${blank}*=${blank}*`;
const attribute = `${blank}+(${name})${equals}("[^"<]*"|'[^'<]*')`;

const declaration = new RegExp(
  `^<\\?xml${blank}+version${equals}(["'])1\\.\\d+\\1(${blank}+encoding${equals}(["'])[A-Za-z][\\w.-]*\\3)?` +
    `(${blank}+standalone${equals}(["'])(yes|no)\\5)?${blank}*\\?>`,
);

/** A document is a sequence of these. A document type, the source of entities and outside references, is not allowed. */
const pieces = new RegExp(
  [
    '(?<said>[^<]+)',
    '<!\\[CDATA\\[(?<cdata>[^]*?)\\]\\]>',
    `</(?<end>${name})${blank}*>`,
    `<(?<start>${name})(?<attributes>(?:${attribute})*)${blank}*(?<empty>/?)>`,
    '<!--(?:-?[^-])*-->',
    `<\\?(?![Xx][Mm][Ll](?:${blank}|\\?))${name}(?:${blank}[^]*?)?\\?>`,
  ].join('|'),
  'guy',
);

const entities: Readonly<Record<string, string>> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' };

interface Open {
  readonly tag: string;
  readonly children: Element[];
  text: string;
}

/** The root of an XML document. Returns undefined if it is not XML, declares a document type, or exceeds a bound. */
export const readXml = (document: string): Element | undefined => {
  if (document.length > maxLength || unheld.test(document)) return undefined;
  // 2.11: however a line ends, it ends with one character.
  const content = document
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .replace(declaration, '');
  const outside: Open = { tag: '', children: [], text: '' };
  const open = [outside];
  let read = 0;
  let count = 0;
  for (const { 0: piece, groups = {} } of content.matchAll(pieces)) {
    const { said, cdata, start, attributes = '', empty, end } = groups;
    const inner = open.at(-1) ?? outside;
    read += piece.length;
    if (++count > maxPieces) return undefined;
    if (start !== undefined) {
      if (open.length > maxDepth || !areAttributes(attributes)) return undefined;
      open.push({ tag: start, children: [], text: '' });
    }
    if (end !== undefined && end !== inner.tag) return undefined;
    if (end !== undefined || empty === '/') close(open);
    if (said === undefined && cdata === undefined) continue;
    const text = cdata ?? resolve(said ?? '');
    // 2.4: outside the root there are blanks alone, and the end of a CDATA section ends one.
    if (text === undefined || (inner === outside && /[^ \t\n]/.test(piece)) || said?.includes(']]>')) return undefined;
    inner.text += text;
  }
  const [root, ...others] = outside.children;
  return read < content.length || open.length > 1 || others.length > 0 ? undefined : root;
};

const close = (open: Open[]): void => {
  const { tag = '', children = [], text = '' } = open.pop() ?? {};
  const parent = open.at(-1);
  if (parent === undefined) return;
  parent.children.push({ name: tag.slice(tag.indexOf(':') + 1), text: text.trim(), children });
  parent.text += text;
};

/** No attribute is used here, but a document with a bad one is not well-formed. */
const areAttributes = (text: string): boolean => {
  const names = new Set<string>();
  for (const [, key = '', quoted = ''] of text.matchAll(new RegExp(attribute, 'gu'))) {
    const value = resolve(quoted);
    if (value === undefined || names.has(key)) return false;
    if (key === 'xml:space' && !/^.(default|preserve).$/.test(value)) return false;
    names.add(key);
  }
  return true;
};

/** Text with its references replaced. Returns undefined if one names no character, or an entity that XML does not have. */
const resolve = (text: string): string | undefined => {
  let sound = true;
  const resolved = text.replace(/&(?:#x([\dA-Fa-f]+);|#(\d+);|(amp|apos|gt|lt|quot);)?/g, (_, hex, decimal, entity) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : (entities[entity] ?? '');
    sound &&= character !== '' && !unheld.test(character);
    return character;
  });
  return sound ? resolved : undefined;
};

/** The first child of that local name. */
export const child = (parent: Element | undefined, name: string): Element | undefined =>
  parent?.children.find((candidate) => candidate.name === name);

/** The text of the first child of that local name. Returns undefined if there is none or it is empty. */
export const childText = (parent: Element | undefined, name: string): string | undefined =>
  child(parent, name)?.text || undefined;

/** The first element of that local name, at any depth, the element itself included. */
export const descendant = (parent: Element | undefined, name: string): Element | undefined => {
  if (parent === undefined || parent.name === name) return parent;
  for (const candidate of parent.children) {
    const found = descendant(candidate, name);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Printable ASCII without `<`, `>`, `&` and quotes: nearly everything that is ever said. */
const plainText = /^[ !#-%(-;=?-~]*$/;

/** Text for the inside of an element. What XML 1.0 (2.2) cannot hold at all becomes U+FFFD. */
export const escapeXml = (text: string): string =>
  plainText.test(text)
    ? text
    : text
        .toWellFormed()
        .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
        .replace(/[<>&"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);
