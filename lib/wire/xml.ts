import { parseXml, XmlElement, type XmlNode } from '@rgrove/parse-xml';

/** An element by local name: the clouds disagree on prefixes and namespaces, and none of it carries meaning. */
export interface Element {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Element[];
}

const longest = 256 * 1024;
const deepest = 32;

/** The root of an XML document; `undefined` where it is none, declares a document type, or nests deeper than 32. */
export const readXml = (text: string): Element | undefined => {
  // A document type is where entities and external references come from; no STS sends one.
  if (text.length > longest || /<!DOCTYPE/i.test(text)) return undefined;
  try {
    const { root } = parseXml(text);
    return root === null ? undefined : element(root, 1);
  } catch {
    return undefined;
  }
};

const element = (node: XmlElement, depth: number): Element | undefined => {
  if (depth > deepest) return undefined;
  const children: Element[] = [];
  for (const child of node.children as readonly XmlNode[]) {
    if (!(child instanceof XmlElement)) continue;
    const read = element(child, depth + 1);
    if (read === undefined) return undefined;
    children.push(read);
  }
  return { name: node.name.slice(node.name.indexOf(':') + 1), text: node.text.trim(), children };
};

/** The first child of that local name. */
export const child = (parent: Element | undefined, name: string): Element | undefined =>
  parent?.children.find((candidate) => candidate.name === name);

/** The text of the first child of that local name; `undefined` where there is none or it is empty. */
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

/** Text for the inside of an element. What XML 1.0 (2.2) cannot hold at all becomes U+FFFD. */
export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[<>&"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);
