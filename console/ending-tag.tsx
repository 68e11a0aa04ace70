import type { Ending } from '../lib/console/view.ts';

interface EndingTagProps {
  readonly ending: Ending | undefined;
  readonly outcome: string;
}

/** How a request ended, in a word. What obtains nothing says `ok`, or its refusal. */
export const EndingTag = ({ ending, outcome }: EndingTagProps) => {
  const word = ending ?? (outcome === 'Done' ? 'ok' : 'refused');
  return <span class={`tag tag-${word}`}>{word}</span>;
};
