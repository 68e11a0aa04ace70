import { isObject } from '../wire/json.ts';
import { memberOf, textOf } from './event-text.ts';

const maxNames = 12;

/** What an event seems to be, for a message; nothing of what it holds but the names of its members. */
export const shapeName = (event: unknown): string => {
  if (!isObject(event)) return 'no object';
  const { Records: records } = event;
  const first: unknown = Array.isArray(records) ? records[0] : undefined;
  const source = textOf(first, 'eventSource') ?? textOf(first, 'EventSource');
  if (source !== undefined && /^[a-z0-9:-]{1,40}$/.test(source)) return `records of ${source}`;
  if (memberOf(first, 'cf') !== undefined) return 'a request of Lambda@Edge';
  if (memberOf(event, 'requestContext', 'serviceNetworkArn') !== undefined) return 'a request of VPC Lattice';
  if (textOf(event, 'raw_path') !== undefined) return 'a request of VPC Lattice, version 1.0';
  if (textOf(event, 'requestContext', 'connectionId') !== undefined) return 'a message of a WebSocket API';
  if (event['detail-type'] !== undefined) return 'an event of EventBridge';
  if (event['Type'] === 'Timer') return 'the tick of a timer of SCF';
  const names = Object.keys(event).filter((name) => /^[\w-]{1,40}$/.test(name));
  return `an object with ${names.slice(0, maxNames).sort().join(', ') || 'no members'}`;
};
