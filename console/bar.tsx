interface BarProps {
  /** From 0 to 1. */
  readonly share: number;
  readonly tone: 'good' | 'warn' | 'bad' | 'plain';
  /** A second mark, from 0 to 1, such as the peak of a minute. */
  readonly mark?: number | undefined;
}

const within = (share: number): number => Math.max(0, Math.min(1, share)) * 100;

/** A share as a bar. The figure stands beside it, so screen readers pass over the bar. */
export const Bar = ({ share, tone, mark }: BarProps) => (
  <svg class={`bar bar-${tone}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    <rect class="bar-ground" width="100" height="6" rx="1" />
    <rect class="bar-fill" width={within(share).toFixed(2)} height="6" rx="1" />
    {mark === undefined ? null : (
      <rect class="bar-mark" x={Math.min(99, within(mark)).toFixed(2)} width="1" height="6" />
    )}
  </svg>
);
