import type { EndingCounts } from '../lib/console/view.ts';

export const none: EndingCounts = { kept: 0, minted: 0, refused: 0, failed: 0 };

export const plus = (one: EndingCounts, other: EndingCounts): EndingCounts => ({
  kept: one.kept + other.kept,
  minted: one.minted + other.minted,
  refused: one.refused + other.refused,
  failed: one.failed + other.failed,
});

export const total = (counts: EndingCounts): number => counts.kept + counts.minted + counts.refused + counts.failed;
