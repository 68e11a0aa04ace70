import type { Ending } from '../lib/console/view.ts';

interface EndingTagProps {
  readonly ending: Ending | undefined;
  readonly outcome: string;
}

/** How a request ended, in a word. What obtains nothing says `ok`, or its refusal. */
export const EndingTag = ({ ending, outcome }: EndingTagProps) => {
  const isDone = outcome === 'Done' || outcome === 'AlreadyDone';
  const word = ending ?? (isDone ? 'ok' : 'refused');
  return <span class={`tag tag-${word}`}>{word}</span>;
};
