import { describe, expect, it } from 'vitest';
import { processBatch } from '../../lib/events/batch.ts';
import { type EventMessage, readEnvelope } from '../../lib/events/envelopes.ts';
import type { Outcome } from '../../lib/events/process.ts';

const message = (itemId: string, group?: string): EventMessage => ({
  origin: 'queue',
  itemId,
  content: itemId,
  ...(group === undefined ? {} : { group }),
});

const run = async (messages: readonly EventMessage[], outcomes: Readonly<Record<string, Outcome>>) => {
  const seen: unknown[] = [];
  const process = async ({ content }: EventMessage): Promise<Outcome> => {
    seen.push(content);
    return outcomes[String(content)] ?? { kind: 'done' };
  };
  const { batchItemFailures } = await processBatch(messages, { process }, new AbortController().signal);
  return { seen, failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
};

describe('a batch', () => {
  it('stops a group of a FIFO queue at its first failure, and no other group', async () => {
    const messages = [
      message('a1', 'a'),
      message('b1', 'b'),
      message('a2', 'a'),
      message('a3', 'a'),
      message('b2', 'b'),
    ];
    const { seen, failed } = await run(messages, { a2: { kind: 'retry' } });
    expect(failed).toEqual(['a2', 'a3']);
    expect(seen).not.toContain('a3');
    expect(seen.filter((one) => String(one).startsWith('b'))).toEqual(['b1', 'b2']);
  });

  it.each([
    ['arn:aws:sqs:eu-central-1:1:requests.fifo', 'a'],
    ['arn:aws:sqs:eu-central-1:1:requests', undefined],
  ])('of %s has the group %s in its order', (eventSourceARN, group) => {
    const record = { eventSource: 'aws:sqs', eventSourceARN, messageId: '1', attributes: { MessageGroupId: 'a' } };
    expect(readEnvelope({ Records: [{ ...record, body: '{}' }] })?.map((each) => each.group)).toEqual([group]);
  });

  it('fails alone whatever has no group', async () => {
    const { failed } = await run([message('1'), message('2'), message('3')], { 2: { kind: 'retry' } });
    expect(failed).toEqual(['2']);
  });
});
