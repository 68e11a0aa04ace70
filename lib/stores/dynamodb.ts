import { randomUUID } from 'node:crypto';
import { type AwsDeps, awsCall } from '../aws/json.ts';
import type { Store } from '../core/store.ts';
import { member } from '../wire/json.ts';
import { guardStore } from './guard-store.ts';
import type { StoreBreaker } from './store-breaker.ts';

// One table, on demand: `key` (S) is its partition key, `expires` (N, epoch seconds) its TTL attribute. DynamoDB deletes
// within days, not at the instant, so what has expired is still found there; `until` (epoch milliseconds) says until when
// it is valid. `value` holds a value, `owner` tells a claim or a lock from its echo, `taken` is a counter. The lock of a value
// is in the value's item, until `locked` (epoch milliseconds), so that one request can change both.

/** Which table, and where. */
export interface DynamoTable {
  readonly table: string;
  readonly region: string;
  readonly endpoint?: URL;
}

const defaultTimeoutMs = 1000;

/** How often to try again if others changed the counter meanwhile. */
const maxTries = 5;

const text = (value: string) => ({ S: value });
const number = (value: number) => ({ N: String(value) });
const numberOf = (value: unknown): number => Number(member(value, 'N'));

const textIn = (item: unknown): string | undefined => {
  const value = member(member(item, 'value'), 'S');
  return typeof value === 'string' ? value : undefined;
};

const lifetime = (expiration: Date) => ({
  until: number(expiration.getTime()),
  expires: number(Math.ceil(expiration.getTime() / 1000)),
});

/** DynamoDB answered that it does not do what was asked. */
class DynamodbRefusal extends Error {
  /** The code of DynamoDB's answer. */
  readonly code: string;

  constructor(operation: string, code: string) {
    super(`DynamoDB refused ${operation}: ${code}`);
    this.code = code;
  }
}

/** Remembers in a DynamoDB table that every instance of every function shares. */
export const dynamodbStore = (
  { table, region, endpoint }: DynamoTable,
  deps: AwsDeps,
  timeoutMs = defaultTimeoutMs,
  breaker?: StoreBreaker,
): Store => {
  const { now } = deps;
  const call = awsCall({ name: 'dynamodb', region, endpoint }, deps, timeoutMs / 2);

  /** Returns undefined if the condition did not hold. */
  const ask = async (operation: string, input: object): Promise<{ readonly result: unknown } | undefined> => {
    const reply = await call(operation, { TableName: table, ...input }, AbortSignal.timeout(timeoutMs));
    if ('result' in reply) return reply;
    if (reply.error === 'ConditionalCheckFailedException') return undefined;
    throw new DynamodbRefusal(operation, reply.error);
  };

  const live = (found: unknown): unknown => (numberOf(member(found, 'until')) > now().getTime() ? found : undefined);

  const item = async (key: string): Promise<unknown> => {
    // Consistent, so that the loser of a race reads at once what the winner has written.
    const reply = await ask('GetItem', { Key: { key: text(key) }, ConsistentRead: true });
    return live(member(reply?.result, 'Item'));
  };

  return guardStore(
    {
      get: async (key) => textIn(await item(`value ${key}`)),

      put: async (key, value, expiration) => {
        const { until, expires } = lifetime(expiration);
        // Of the item's attributes, so that a lock stays.
        await ask('UpdateItem', {
          Key: { key: text(`value ${key}`) },
          UpdateExpression: 'SET #value = :value, #until = :until, #expires = :expires',
          ExpressionAttributeNames: { '#value': 'value', '#until': 'until', '#expires': 'expires' },
          ExpressionAttributeValues: { ':value': text(value), ':until': until, ':expires': expires },
        });
        return true;
      },

      lock: async (key, expiration) => {
        const { until, expires } = lifetime(expiration);
        const won = await ask('UpdateItem', {
          Key: { key: text(`value ${key}`) },
          // The value may live longer than the lock.
          UpdateExpression: 'SET #locked = :locked, #owner = :owner, #expires = if_not_exists(#expires, :expires)',
          // The last: a request that was sent twice must not lose to itself.
          ConditionExpression: 'attribute_not_exists(#locked) OR #locked <= :now OR #owner = :owner',
          ExpressionAttributeNames: { '#locked': 'locked', '#owner': 'owner', '#expires': 'expires' },
          ExpressionAttributeValues: {
            ':locked': until,
            ':owner': text(randomUUID()),
            ':expires': expires,
            ':now': number(now().getTime()),
          },
          ReturnValues: 'ALL_OLD',
        });
        return won === undefined
          ? { isOurs: false }
          : { isOurs: true, value: textIn(live(member(won.result, 'Attributes'))) };
      },

      putAndUnlock: async (key, value, expiration) => {
        // The whole item, so without a lock.
        await ask('PutItem', { Item: { key: text(`value ${key}`), value: text(value), ...lifetime(expiration) } });
        return true;
      },

      unlock: async (key) => {
        await ask('UpdateItem', {
          Key: { key: text(`value ${key}`) },
          UpdateExpression: 'REMOVE #locked, #owner',
          // Or it would make an item that never expires.
          ConditionExpression: 'attribute_exists(#key)',
          ExpressionAttributeNames: { '#key': 'key', '#locked': 'locked', '#owner': 'owner' },
        });
      },

      acquire: async (key, expiration) => {
        const owner = text(randomUUID());
        const won = await ask('PutItem', {
          Item: { key: text(`claim ${key}`), owner, ...lifetime(expiration) },
          // The last: a request that was sent twice must not lose to itself.
          ConditionExpression: 'attribute_not_exists(#key) OR #until <= :now OR #owner = :owner',
          ExpressionAttributeNames: { '#key': 'key', '#until': 'until', '#owner': 'owner' },
          ExpressionAttributeValues: { ':now': number(now().getTime()), ':owner': owner },
        });
        return won !== undefined;
      },

      release: async (key) => {
        await ask('DeleteItem', { Key: { key: text(`claim ${key}`) } });
      },

      consume: async (key, amount, limit, expiration) => {
        if (amount <= 0) return 0;
        const id = `counter ${key}`;
        const at = { ':now': number(now().getTime()) };
        const names = { '#taken': 'taken', '#until': 'until' };

        /** Adds the whole, if the counter runs and is at most this far. */
        const add = (whole: number, furthest: number) =>
          ask('UpdateItem', {
            Key: { key: text(id) },
            UpdateExpression: 'SET #taken = #taken + :whole',
            ConditionExpression: '#until > :now AND #taken <= :furthest',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: { ...at, ':whole': number(whole), ':furthest': number(furthest) },
          });

        /** Starts the counter, if there is none or it has expired. */
        const begin = (whole: number) =>
          ask('PutItem', {
            Item: { key: text(id), taken: number(whole), ...lifetime(expiration) },
            ConditionExpression: 'attribute_not_exists(#key) OR #until <= :now',
            ExpressionAttributeNames: { '#key': 'key', '#until': 'until' },
            ExpressionAttributeValues: at,
          });

        // The counter of a quota usually runs and is below its limit: one request. It is read only at its limit.
        if (amount <= limit && (await add(amount, limit - amount)) !== undefined) return amount;
        for (let tries = 0; tries < maxTries; tries++) {
          const found = await item(id);
          const taken = found === undefined ? 0 : numberOf(member(found, 'taken'));
          const grant = Math.min(amount, limit - taken);
          if (grant <= 0) return 0;
          const granted = found === undefined ? await begin(grant) : await add(grant, limit - grant);
          if (granted !== undefined) return grant;
        }
        return 0;
      },
    },
    { timeout: { milliseconds: timeoutMs, now }, breaker, isAnswer: (thrown) => thrown instanceof DynamodbRefusal },
  );
};
