import type { WrittenConfig } from '../../config/schema.ts';
import type { Warning } from './warning.ts';

const warningsOf = (path: string, keys: readonly unknown[]): Warning[] =>
  keys.length < 2
    ? []
    : [
        {
          code: 'rotation',
          path,
          why: 'has several keys, so a rotation is under way: [old, new] must be deployed everywhere before [new, old], and that before [new]',
        },
      ];

/** Keys of which the first seals and all open: an instance without the first key of another opens nothing of it. */
export const rotations = ({ authority, store }: WrittenConfig): readonly Warning[] => [
  ...warningsOf('authority.keys', authority?.keys ?? []),
  ...warningsOf('store.sealingKeys', store !== undefined && 'sealingKeys' in store ? store.sealingKeys : []),
];
