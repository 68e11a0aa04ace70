import { describe, expect, it } from 'vitest';
import { readEnvelope } from '../../lib/events/envelopes.ts';
import { contentOf } from '../../lib/events/http-mode.ts';

const data = { operation: 'AssumeRole', recipient: 'etl' };
const event = { specversion: '1.0', id: 'a b', source: '/e', type: 'credmint.mint.requested', data };
const binary = {
  'content-type': 'application/json; charset=utf-8',
  'ce-specversion': '1.0',
  'ce-id': 'a%20b',
  'ce-source': '/e',
  'ce-type': 'credmint.mint.requested',
};

describe('a CloudEvent by HTTP', () => {
  it.each([
    ['structured', { 'content-type': 'application/cloudevents+json; charset=UTF-8' }, event],
    ['structured, of the plain type', { 'content-type': 'Application/JSON' }, event],
    ['structured, with headers beside it', { ...binary, 'content-type': 'application/cloudevents+json' }, event],
  ])('is read if it is %s', (_mode, headers, body) => {
    expect(contentOf({ headers, body: JSON.stringify(body) })).toEqual(event);
  });

  it('is read if it is binary: of its headers, and its data of the body', () => {
    expect(contentOf({ headers: binary, body: JSON.stringify(data) })).toEqual({
      ...event,
      datacontenttype: binary['content-type'],
    });
    const odd = contentOf({ headers: { ...binary, 'ce-id': '100%' }, body: '{}' });
    expect(odd).toMatchObject({ id: '100%' });
  });

  it('may be one of a batch, each a message of its own', () => {
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    const other = { ...event, id: 'b' };
    const messages = readEnvelope(contentOf({ headers, body: JSON.stringify([event, other]) }));
    expect(messages?.map(({ content }) => content)).toEqual([event, other]);
  });

  it.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, '{}'],
    ['plain text', { 'content-type': 'text/plain' }, JSON.stringify(event)],
    ['nothing that says what it is', {}, JSON.stringify(event)],
    ['a batch of nothing', { 'content-type': 'application/json' }, '[]'],
    ['a list of other things', { 'content-type': 'application/json' }, '[{"Records":[]}]'],
    ['a list of lists', { 'content-type': 'application/json' }, JSON.stringify([[event]])],
  ])('is not what is %s', (_what, headers, body) => {
    expect(readEnvelope(contentOf({ headers, body }))).toBeUndefined();
  });
});
