import { root } from '../bundle.ts';
import { restoreManifest } from './manifest.ts';

/** What `npm pack` and `npm publish` call last. */
restoreManifest(root);
