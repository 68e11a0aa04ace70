import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What only a checkout needs. The pinned Node above all: it would take the place of the installer's own. */
const ofTheCheckout = ['scripts', 'devDependencies', 'optionalDependencies', 'private'];

const paths = (root: string) => ({
  manifest: join(root, 'package.json'),
  kept: join(root, 'dist', 'package.json.checkout'),
});

/** The manifest as it is published. */
export const publishedManifest = (text: string): string => {
  const members = Object.entries(JSON.parse(text) as object).filter(([name]) => !ofTheCheckout.includes(name));
  return `${JSON.stringify(Object.fromEntries(members), null, 2)}\n`;
};

/** Puts the published manifest in the place of the checkout's, which is kept. npm reads it when it packs. */
export const exchangeManifest = (root: string): void => {
  const { manifest, kept } = paths(root);
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(kept, text);
  writeFileSync(manifest, publishedManifest(text));
};

/** Puts the checkout's manifest back. */
export const restoreManifest = (root: string): void => {
  const { manifest, kept } = paths(root);
  renameSync(kept, manifest);
};
