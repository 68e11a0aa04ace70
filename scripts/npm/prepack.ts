import { root } from '../bundle.ts';
import { buildPackage } from './build.ts';
import { exchangeManifest } from './manifest.ts';

/** What `npm pack` and `npm publish` call first. */
await buildPackage(root);
exchangeManifest(root);
