import { type DecisionFilter, type DecisionLine, endings, type LeaseView } from './view.ts';

// The server filters for browsers without scripts, and the page itself what arrives while it is open: by the same rule.

const includesAll = (texts: readonly (string | undefined)[], wanted: string): boolean => {
  const text = texts.join(' ').toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};

/** Whether every word of the filter is somewhere in the line. */
export const showsDecision =
  ({ text, ending }: DecisionFilter) =>
  (line: DecisionLine): boolean =>
    (ending === '' || line.ending === ending) &&
    (text === '' ||
      includesAll(
        [
          line.requestId,
          line.caller,
          line.subject,
          line.operation,
          line.account,
          line.target,
          line.grant,
          line.outcome,
          ...line.why,
        ],
        text,
      ));

export const showsLease =
  (filter: string) =>
  ({ name, account, subject, state }: LeaseView): boolean =>
    filter === '' || includesAll([name, account, subject, state], filter);

/** The ending that a text names; any other text is all. */
export const endingOfText = (text: string): DecisionFilter['ending'] => endings.find((one) => one === text) ?? '';
